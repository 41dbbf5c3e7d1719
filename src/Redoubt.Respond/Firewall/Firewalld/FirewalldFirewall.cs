using System.Diagnostics;
using System.Globalization;
using Redoubt.Model;
using Redoubt.Respond.Firewall.Netlink;
using Redoubt.Respond.Firewall.Nftables;

namespace Redoubt.Respond.Firewall.Firewalld;

/// <summary>Blocks by rich rules of firewalld's default zone, through <c>firewall-cmd</c>: for hosts whose owner wants to see them there.</summary>
/// <remarks>
/// Cost: two processes a block, about half a second; the nftables one is ten thousand times as fast and covers all zones. firewalld ends a rule on
/// time by itself as long as its daemon runs, and forgets it when that is reloaded or restarted: then it is put back. It does not tell how long a
/// rule still has: that is remembered here. Threads: safe.
/// </remarks>
internal sealed class FirewalldFirewall : IFirewall
{
    private const string Family = "rule family=\"";
    private const string Source = "\" source address=\"";
    private const string Drop = "\" drop";

    private readonly Lock gate = new();
    private readonly SystemProgram program;
    private readonly NetlinkSocket socket = new(NetlinkSocket.Netfilter);
    private readonly NftInspection inspection;
    private readonly Dictionary<BlockTarget, long> ends = [];
    private uint generation;

    private FirewalldFirewall(SystemProgram program)
    {
        this.program = program;
        inspection = new NftInspection(socket);
    }

    public string Name => "firewalld";

    public bool EndsBlocksItself => true;

    // firewalld counts seconds in 32 bits.
    public long MaxMilliseconds => int.MaxValue * 1000L;

    private static long Now => (long)Stopwatch.GetElapsedTime(0).TotalMilliseconds;

    /// <summary>Opens it.</summary>
    /// <exception cref="FirewallSetupException">It is not installed, or its daemon does not run.</exception>
    internal static FirewalldFirewall Open()
    {
        var found =
            SystemProgram.Find("firewall-cmd")
            ?? throw new FirewallSetupException(
                "firewall-cmd was not found in /usr/sbin, /sbin, /usr/bin or /bin; install the package firewalld"
            );
        found.Run(["--state"]);
        return new FirewalldFirewall(found);
    }

    public FirewallResult Put(BlockTarget target, long durationMilliseconds) =>
        Guarded(() =>
        {
            // A rule that is there keeps its old time, so it has to go first.
            if (ReadRules().Contains(target))
                program.Run(["--remove-rich-rule=" + RuleOf(target)]);

            var seconds = Math.Clamp((durationMilliseconds + 999) / 1000, 0, int.MaxValue);
            program.Run(
                seconds == 0
                    ? ["--add-rich-rule=" + RuleOf(target)]
                    : ["--add-rich-rule=" + RuleOf(target), "--timeout=" + seconds.ToString(CultureInfo.InvariantCulture)]
            );
            generation = inspection.ReadGeneration();
            if (!ReadRules().Contains(target))
                return FirewallResult.Failed($"firewalld accepted a rule for {target} but does not have it");

            ends[target] = seconds == 0 ? long.MaxValue : Now + (seconds * 1000);
            return FirewallResult.Present(seconds == 0 ? -1 : seconds * 1000);
        });

    public FirewallResult Remove(BlockTarget target) =>
        Guarded(() =>
        {
            ends.Remove(target);
            if (ReadRules().Contains(target))
                program.Run(["--remove-rich-rule=" + RuleOf(target)]);
            generation = inspection.ReadGeneration();
            return ReadRules().Contains(target) ? FirewallResult.Failed($"firewalld still has a rule for {target}") : FirewallResult.Absent;
        });

    public FirewallResult Read(BlockTarget target) =>
        Guarded(() => ReadRules().Contains(target) ? FirewallResult.Present(RemainingOf(target)) : FirewallResult.Absent);

    public FirewallResult[] Ensure(IReadOnlyList<FirewallEntry> wanted)
    {
        lock (gate)
        {
            try
            {
                var there = ReadRules();
                return
                [
                    .. wanted.Select(w =>
                        there.Contains(w.Target)
                            ? FirewallResult.Present(w.RemainingMilliseconds)
                            : Put(w.Target, Math.Max(w.RemainingMilliseconds, 0)) with
                            {
                                WasMissing = true,
                            }
                    ),
                ];
            }
            catch (IOException e)
            {
                return [.. wanted.Select(_ => FirewallResult.Failed(e.Message))];
            }
        }
    }

    public string? Mend()
    {
        lock (gate)
            generation = inspection.ReadGeneration();
        return null;
    }

    public bool MayHaveChanged()
    {
        lock (gate)
            return inspection.ReadGeneration() != generation;
    }

    public IFirewallWatch? Watch() => null;

    public IReadOnlyCollection<FirewallEntry> List()
    {
        lock (gate)
            return [.. ReadRules().Select(t => new FirewallEntry(t, RemainingOf(t)))];
    }

    public int Clear()
    {
        lock (gate)
        {
            var all = ReadRules();
            foreach (var target in all)
                program.Run(["--remove-rich-rule=" + RuleOf(target)]);
            ends.Clear();
            return ReadRules().Count == 0 ? all.Count : throw new IOException("firewalld still has rules of ours");
        }
    }

    public void Dispose() => socket.Dispose();

    /// <summary>The rule as firewalld itself writes it.</summary>
    internal static string RuleOf(BlockTarget target) => $"{Family}{(target.IsIPv6 ? "ipv6" : "ipv4")}{Source}{target}{Drop}";

    /// <summary>Reads a line of <c>--list-rich-rules</c>.</summary>
    /// <returns>False for a rule of another form.</returns>
    internal static bool TryReadRule(string line, out BlockTarget target)
    {
        target = default;
        var at = line.IndexOf(Source, StringComparison.Ordinal);
        return line.StartsWith(Family, StringComparison.Ordinal)
            && line.EndsWith(Drop, StringComparison.Ordinal)
            && at > 0
            && BlockTarget.TryParse(line[(at + Source.Length)..^Drop.Length], out target)
            && line == RuleOf(target);
    }

    private long RemainingOf(BlockTarget target) =>
        ends.TryGetValue(target, out var end) && end != long.MaxValue ? Math.Max(end - Now, 1) : -1;

    private HashSet<BlockTarget> ReadRules()
    {
        var found = new HashSet<BlockTarget>();
        foreach (var line in program.Run(["--list-rich-rules"]).Split('\n'))
        {
            if (TryReadRule(line.Trim(), out var target))
                found.Add(target);
        }

        return found;
    }

    private FirewallResult Guarded(Func<FirewallResult> act)
    {
        lock (gate)
        {
            try
            {
                return act();
            }
            catch (IOException e)
            {
                return FirewallResult.Failed(e.Message);
            }
        }
    }
}
