using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Redoubt.Agent.Blocks;
using Redoubt.Respond;
using Redoubt.Transport.Protocol;

namespace Redoubt.Tests.Agent.Blocks;

/// <summary>
/// <c>kill -9</c> of the agent at every step of its work: between any two entries of its journal, in the middle of one, before and after everything
/// it asks of the enforcer. Whatever the step, after the next start and what the manager sends again, the kernel holds exactly what the ledger wants.
/// </summary>
public sealed class CrashPointTests : IDisposable
{
    private static readonly DateTimeOffset Start = DateTimeOffset.Parse("2026-01-01T00:00:00Z", null);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("redoubt-crash-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task No_block_is_lost_and_none_is_left_behind_wherever_the_agent_is_killed(int seed)
    {
        var orders = Orders(new Random(seed));
        var points = await RecordAsync(orders);
        Assert.True(points.Count > orders.Count * 4, $"Expected several crash points an order, found {points.Count}.");

        for (var i = 0; i < points.Count; i++)
            await RecoverAsync(points[i], orders, $"seed {seed}, crash point {i} of {points.Count}");
    }

    // Blocks, renewals and removals of a few targets, as the ledger hands them out.
    private static List<BlockOrder> Orders(Random random)
    {
        var orders = new List<BlockOrder>();
        var current = new Dictionary<string, BlockOrder>(StringComparer.Ordinal);
        var nextBlock = 1UL;
        for (var version = 1UL; version <= 24; version++)
        {
            var target = $"192.0.2.{random.Next(1, 5)}";
            var known = current.GetValueOrDefault(target);
            var isRemoval = known is not null && random.Next(3) == 0;
            var order = new BlockOrder
            {
                Version = version,
                Block = known?.Block ?? nextBlock++,
                Executable = "firewall-drop",
                Response = "firewall-drop1800",
                Target = target,
                Seconds = 1800,
                Triggers = (known?.Triggers ?? 0) + (isRemoval ? 0u : 1u),
                Removed = isRemoval,
                AlertId = "1.1",
                RuleId = 5712,
                Document = "{}",
            };
            orders.Add(order);
            if (isRemoval)
                current.Remove(target);
            else
                current[target] = order;
        }

        return orders;
    }

    private async Task<List<CrashPoint>> RecordAsync(List<BlockOrder> orders)
    {
        var path = Path.Combine(_folder.FullName, "recorded");
        var time = new JumpingTime(Start);
        var kernel = new FakeEnforcer(time);
        var seen = new List<CrashPoint>();
        var sent = 0;
        void Look() => seen.Add(new CrashPoint(Read(path), kernel.Kernel, sent));

        using (var journal = BlockJournal.Open(path, "ledger", NullLogger.Instance, now: 0))
        {
            var reports = new Reports();
            using var stopping = new CancellationTokenSource();
            var keeper = new BlockKeeper(journal, new Watched(kernel, Look), reports, new BlockSettings(), time, NullLogger.Instance);
            var running = keeper.RunAsync(stopping.Token);
            foreach (var order in orders)
            {
                sent++;
                keeper.Accept(order);
                await reports.OfAsync(order.Block);
                keeper.ReportAll();
                await reports.QuietAsync();
                Look();
            }

            await stopping.CancelAsync();
            await running;
        }

        return WithPrefixes(seen);
    }

    // Between two looks the journal only grows: each entry may have been the last, and each may be cut.
    private static List<CrashPoint> WithPrefixes(List<CrashPoint> seen)
    {
        var all = new List<CrashPoint>();
        for (var i = 0; i < seen.Count; i++)
        {
            all.Add(seen[i]);
            if (i + 1 == seen.Count || !SameKernel(seen[i].Kernel, seen[i + 1].Kernel))
                continue;

            var (before, after) = (seen[i].Journal.Length, seen[i + 1].Journal);
            for (var end = before; end < after.Length; end++)
            {
                if (after[end] == (byte)'\n' || (end > before && end == before + ((after.Length - before) / 2)))
                    all.Add(seen[i + 1] with { Journal = after[..(end + 1)] });
            }
        }

        return all;
    }

    private async Task RecoverAsync(CrashPoint point, List<BlockOrder> orders, string where)
    {
        var path = Path.Combine(_folder.FullName, "recovered");
        await File.WriteAllBytesAsync(path, point.Journal, TestContext.Current.CancellationToken);
        var time = new JumpingTime(Start);
        var kernel = new FakeEnforcer(time) { Kernel = point.Kernel };
        var ledger = orders.Take(point.Sent).GroupBy(o => o.Block).Select(g => g.Last()).OrderBy(o => o.Version).ToArray();
        using var journal = BlockJournal.Open(path, "ledger", NullLogger.Instance, now: 0);
        var reports = new Reports();
        using var stopping = new CancellationTokenSource();
        var keeper = new BlockKeeper(journal, kernel, reports, new BlockSettings(), time, NullLogger.Instance);
        var running = keeper.RunAsync(stopping.Token);

        // The enforcer is found first, then the manager, which sends what is newer than what this host says that it has.
        var since = journal.Version;
        kernel.Connect();
        foreach (var order in ledger.Where(o => o.Version > since))
            keeper.Accept(order);

        var last = orders[0].Clone();
        (last.Block, last.Version, last.Target) = (1000, 1000, "198.51.100.1");
        keeper.Accept(last);
        await reports.OfAsync(last.Block);
        await stopping.CancelAsync();
        await running;

        var wanted = ledger.Where(o => !o.Removed).Append(last).ToArray();
        Assert.True(
            wanted.Select(o => o.Target).Order(StringComparer.Ordinal).SequenceEqual(kernel.Kernel.Keys.Order(StringComparer.Ordinal)),
            $"{where}: the ledger wants {string.Join(' ', wanted.Select(o => o.Target))}, the kernel holds {string.Join(' ', kernel.Kernel.Keys)}"
        );
        Assert.True(
            wanted.Select(o => o.Block).Order().SequenceEqual(journal.Blocks.Keys.Order()),
            $"{where}: the journal holds blocks {string.Join(' ', journal.Blocks.Keys)}"
        );
        Assert.All(journal.Blocks.Values, b => Assert.True(b.IsEnforced, $"{where}: block {b.Id} is {b.State}"));
    }

    private static bool SameKernel(Dictionary<string, DateTimeOffset> one, Dictionary<string, DateTimeOffset> other) =>
        one.Count == other.Count && one.All(e => other.TryGetValue(e.Key, out var end) && end == e.Value);

    private static byte[] Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    /// <param name="Journal">The file as it was.</param>
    /// <param name="Kernel">What the kernel held.</param>
    /// <param name="Sent">Orders that the ledger had by then.</param>
    private sealed record CrashPoint(byte[] Journal, Dictionary<string, DateTimeOffset> Kernel, int Sent);

    /// <summary>Looks before and after each request.</summary>
    private sealed class Watched(FakeEnforcer inner, Action look) : IEnforcement
    {
        public event Action? Connected
        {
            add => inner.Connected += value;
            remove => inner.Connected -= value;
        }

        public async Task<EnforceReply?> SendAsync(EnforceRequest request, CancellationToken stopping)
        {
            look();
            var reply = await inner.SendAsync(request, stopping);
            look();
            return reply;
        }
    }

    private sealed class Reports : IBlockReports
    {
        private readonly Channel<BlockReport> _all = Channel.CreateUnbounded<BlockReport>();

        public void Report(BlockReport report) => _all.Writer.TryWrite(report);

        internal async Task OfAsync(ulong block)
        {
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            while ((await _all.Reader.ReadAsync(deadline.Token)).Block != block) { }
        }

        // ReportAll stands behind the order in the keeper's queue: its first report tells that the order is done.
        internal async Task QuietAsync()
        {
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            await _all.Reader.ReadAsync(deadline.Token);
            while (_all.Reader.TryRead(out _)) { }
        }
    }
}
