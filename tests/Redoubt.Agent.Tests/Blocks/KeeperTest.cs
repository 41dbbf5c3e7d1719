using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Redoubt.Agent.Blocks;
using Redoubt.Respond;
using Redoubt.Transport.Protocol;

namespace Redoubt.Tests.Agent.Blocks;

/// <summary>A block keeper with a journal in a folder of the test's own, a fake enforcer and a clock that the test moves.</summary>
public abstract class KeeperTest : IAsyncDisposable
{
    protected const string Attacker = "192.0.2.6";
    private protected readonly JumpingTime _time = new(DateTimeOffset.Parse("2026-01-01T00:00:00Z"));
    private protected readonly string _path = Path.Combine(Directory.CreateTempSubdirectory("redoubt-keeper-").FullName, "blocks.log");
    private protected readonly FakeEnforcer _enforcer;
    private protected readonly Reports _reports = new();
    private protected BlockJournal _journal;
    private protected BlockKeeper _keeper;
    private CancellationTokenSource _stopping;
    private Task _running;
    private BlockSettings _settings = new();

    protected KeeperTest()
    {
        _enforcer = new FakeEnforcer(_time);
        Start();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await StopAsync();
        Directory.Delete(Path.GetDirectoryName(_path)!, recursive: true);
    }

    private protected void Use(BlockSettings settings)
    {
        _settings = settings;
        _keeper.Use(settings);
    }

    [System.Diagnostics.CodeAnalysis.MemberNotNull(nameof(_journal), nameof(_keeper), nameof(_running), nameof(_stopping))]
    private protected void Start(string ledger = "ledger")
    {
        _stopping = new CancellationTokenSource();
        _journal = BlockJournal.Open(_path, ledger, NullLogger.Instance, now: 0);
        _keeper = new BlockKeeper(_journal, _enforcer, _reports, _settings, _time, NullLogger.Instance);
        _running = _keeper.RunAsync(_stopping.Token);
    }

    private protected async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        _journal.Dispose();
    }

    private protected async Task RestartAsync()
    {
        await StopAsync();
        Start();
    }

    // The keeper sets its timer on its own task: the clock moves on in steps until it has woken.
    private protected async Task AdvanceToEndAsync(TimeSpan span)
    {
        // Only a keeper that waits has set its timer by the time from which the span counts.
        for (var i = 0; i < 2000 && !_time.HasTimer; i++)
            await Task.Delay(10, TestContext.Current.CancellationToken);
        _time.Advance(span);
        for (var i = 0; i < 200 && !_reports.HasAny; i++)
        {
            await Task.Yield();
            _time.Advance(TimeSpan.FromMilliseconds(10));
            await Task.WhenAny(_reports.Any, Task.Delay(10, TestContext.Current.CancellationToken));
        }
    }

    private protected static BlockOrder Order(
        ulong block = 1,
        long seconds = 1800,
        uint triggers = 1,
        long age = 0,
        string target = Attacker,
        string executable = "firewall-drop"
    ) =>
        new()
        {
            Version = (block * 100) + triggers,
            Block = block,
            Executable = executable,
            Response = executable + seconds,
            Target = target,
            Seconds = seconds,
            Triggers = triggers,
            Age = age,
            AlertId = "1.1",
            RuleId = 5712,
            Document = "{}",
        };

    private protected static BlockOrder Removal(ulong block, bool forget, string executable = "firewall-drop") =>
        new()
        {
            Version = (block * 100) + 50,
            Block = block,
            Executable = executable,
            Target = Attacker,
            Removed = true,
            Forget = forget,
            Document = "{}",
        };

    private protected sealed class Reports : IBlockReports
    {
        private readonly Channel<BlockReport> _all = Channel.CreateUnbounded<BlockReport>();

        internal bool HasAny => _all.Reader.TryPeek(out _);

        internal Task Any => _all.Reader.WaitToReadAsync().AsTask();

        public void Report(BlockReport report) => _all.Writer.TryWrite(report);

        internal async Task<BlockReport> NextAsync()
        {
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            return await _all.Reader.ReadAsync(deadline.Token);
        }
    }
}
