using System.Globalization;
using System.Text;
using Redoubt.Model;
using Redoubt.Respond.Firewall.Nftables;

namespace Redoubt.Respond.Firewall.HostsDeny;

/// <summary>Refuses targets by lines of <c>/etc/hosts.deny</c>, for programs that read it (TCP wrappers).</summary>
/// <remarks>
/// A line of ours is <c>ALL:192.0.2.6</c> under a comment <c># redoubt: 192.0.2.6 until 1795515330</c> (Unix seconds; 0 for good). Only a pair of
/// both is ours: lines of others, also for the same address, stay as they are. The file is replaced as a whole, so that no program reads
/// half of it; mode and owner stay. Whoever starts after a crash finds the ends in the file. Many current programs, sshd among them, do not read
/// it: a firewall is better where there is one. Cost: the file is read and written at each change. Threads: safe; a lock keeps other
/// processes that use it out. Source: hosts_access(5).
/// </remarks>
internal sealed class HostsDenyFile : IFirewall
{
    private const string Mark = "# redoubt: ";
    private const string Until = " until ";
    private const long MillisecondsPerSecond = 1000;

    private readonly Lock gate = new();
    private readonly string path;
    private readonly TimeProvider time;
    private PosixFile.Status? seen;

    /// <param name="path">The file; made when a first line is needed.</param>
    /// <param name="time">The wall clock.</param>
    /// <exception cref="FirewallSetupException">It cannot be read.</exception>
    internal HostsDenyFile(string path, TimeProvider time)
    {
        this.path = path;
        this.time = time;
        try
        {
            ReadFile();
        }
        catch (IOException e)
        {
            throw new FirewallSetupException($"{path} cannot be used: {e.Message}", e);
        }
    }

    public string Name => "host-deny";

    public bool EndsBlocksItself => false;

    public long MaxMilliseconds => long.MaxValue;

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    public FirewallResult Put(BlockTarget target, long durationMilliseconds) =>
        Guarded(() =>
        {
            var until =
                durationMilliseconds == 0 ? 0 : (Now + Math.Min(durationMilliseconds, long.MaxValue / 2) + 999) / MillisecondsPerSecond;
            Change(entries => entries[target] = until);
            var found = Find(target);
            return found.State == FirewallState.Present
                ? FirewallResult.Present(durationMilliseconds == 0 ? -1 : durationMilliseconds)
                : FirewallResult.Failed($"{target} is not in {path} after it was written");
        });

    public FirewallResult Remove(BlockTarget target) =>
        Guarded(() =>
        {
            if (Find(target).State == FirewallState.Present)
                Change(entries => entries.Remove(target));
            return Find(target).State == FirewallState.Absent
                ? FirewallResult.Absent
                : FirewallResult.Failed($"{target} is still in {path} after it was written");
        });

    public FirewallResult Read(BlockTarget target) => Guarded(() => Find(target));

    public FirewallResult[] Ensure(IReadOnlyList<FirewallEntry> wanted)
    {
        lock (gate)
        {
            try
            {
                var (_, there) = ReadFile();
                var missing = wanted.Where(w => !w.IsHeldBy(there.TryGetValue(w.Target, out var until) ? RemainingOf(until) : 0)).ToList();
                if (missing.Count > 0)
                    Change(entries =>
                    {
                        foreach (var one in missing)
                            entries[one.Target] =
                                one.RemainingMilliseconds < 0 ? 0 : (Now + one.RemainingMilliseconds + 999) / MillisecondsPerSecond;
                    });

                (_, there) = ReadFile();
                var put = missing.Select(m => m.Target).ToHashSet();
                return
                [
                    .. wanted.Select(w =>
                        there.TryGetValue(w.Target, out var until)
                            ? FirewallResult.Present(RemainingOf(until)) with
                            {
                                WasMissing = put.Contains(w.Target),
                            }
                            : FirewallResult.Failed($"{w.Target} is not in {path} after it was written")
                    ),
                ];
            }
            catch (IOException e)
            {
                return [.. wanted.Select(_ => FirewallResult.Failed(e.Message))];
            }
        }
    }

    public string? Mend() => null;

    public bool MayHaveChanged()
    {
        lock (gate)
            return !Equals(PosixFile.LookBehindLinks(path), seen);
    }

    public IFirewallWatch? Watch() => null;

    public IReadOnlyCollection<FirewallEntry> List()
    {
        lock (gate)
            return [.. ReadFile().Entries.Select(e => new FirewallEntry(e.Key, RemainingOf(e.Value)))];
    }

    public int Clear()
    {
        lock (gate)
        {
            var count = ReadFile().Entries.Count;
            if (count > 0)
                Change(entries => entries.Clear());
            return ReadFile().Entries.Count == 0 ? count : throw new IOException($"{path} still has lines of ours after it was written");
        }
    }

    public void Dispose()
    {
        // Nothing is held between two changes.
    }

    private FirewallResult Guarded(Func<FirewallResult> act)
    {
        lock (gate)
        {
            try
            {
                return act();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return FirewallResult.Failed(e.Message);
            }
        }
    }

    private FirewallResult Find(BlockTarget target) =>
        ReadFile().Entries.TryGetValue(target, out var until) ? FirewallResult.Present(RemainingOf(until)) : FirewallResult.Absent;

    // One whose time is over is still there until somebody takes it out.
    private long RemainingOf(long until) => until == 0 ? -1 : Math.Max((until * MillisecondsPerSecond) - Now, 1);

    /// <summary>Splits the file into the lines of others and what is ours.</summary>
    private (List<string> Others, Dictionary<BlockTarget, long> Entries) ReadFile()
    {
        var others = new List<string>();
        var entries = new Dictionary<BlockTarget, long>();
        seen = PosixFile.LookBehindLinks(path);
        if (seen is null)
            return (others, entries);
        if (!seen.Value.IsRegular)
            throw new IOException($"{path} is no plain file");

        // Bytes of others come back as they were: Latin-1 loses none.
        var text = Encoding.Latin1.GetString(File.ReadAllBytes(path));
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (TryReadMark(lines[i], out var target, out var until) && i + 1 < lines.Length && lines[i + 1] == LineOf(target))
            {
                entries[target] = until;
                i++;
            }
            else
            {
                others.Add(lines[i]);
            }
        }

        return (others, entries);
    }

    private void Change(Action<Dictionary<BlockTarget, long>> change)
    {
        var (others, entries) = ReadFile();
        change(entries);
        var text = new StringBuilder();

        // The last "line" of others is what follows their last newline: empty, unless they left it out.
        if (others.Count > 0 && others[^1].Length == 0)
            others.RemoveAt(others.Count - 1);
        foreach (var line in others)
            text.Append(line).Append('\n');
        foreach (var (target, until) in entries)
            text.Append(Mark)
                .Append(target)
                .Append(Until)
                .Append(until.ToString(CultureInfo.InvariantCulture))
                .Append('\n')
                .Append(LineOf(target))
                .Append('\n');
        Replace(Encoding.Latin1.GetBytes(text.ToString()));
    }

    private void Replace(byte[] content)
    {
        // Behind a link stands the file that has to be replaced.
        var real = seen is null ? path : File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        var next = real + ".redoubt";
        var mode = seen is { } before
            ? (UnixFileMode)(before.Mode & 0xFFF)
            : UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        using (
            var file = new FileStream(
                next,
                new FileStreamOptions
                {
                    Mode = FileMode.Create,
                    Access = FileAccess.Write,
                    UnixCreateMode = mode,
                    BufferSize = 0,
                }
            )
        )
        {
            file.Write(content);
            File.SetUnixFileMode(file.SafeFileHandle, mode);
            file.Flush(flushToDisk: true);
        }

        File.Move(next, real, overwrite: true);
    }

    private static string LineOf(BlockTarget target)
    {
        // hosts_access(5): an IPv6 address stands in brackets, its prefix length behind them; an IPv4 network as address/length.
        var address = target.Network.BaseAddress;
        var name = target.IsIPv6 ? $"[{address}]" : address.ToString();
        return target.IsSingle ? $"ALL:{name}" : string.Create(CultureInfo.InvariantCulture, $"ALL:{name}/{target.Network.PrefixLength}");
    }

    private static bool TryReadMark(string line, out BlockTarget target, out long until)
    {
        target = default;
        until = 0;
        var at = line.IndexOf(Until, StringComparison.Ordinal);
        return line.StartsWith(Mark, StringComparison.Ordinal)
            && at > Mark.Length
            && BlockTarget.TryParse(line[Mark.Length..at], out target)
            && long.TryParse(line.AsSpan(at + Until.Length), NumberStyles.None, CultureInfo.InvariantCulture, out until);
    }
}
