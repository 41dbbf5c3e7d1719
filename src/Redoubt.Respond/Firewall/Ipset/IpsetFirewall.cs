using Redoubt.Model;
using Redoubt.Respond.Firewall.Netlink;
using Redoubt.Respond.Firewall.Nftables;

namespace Redoubt.Respond.Firewall.Ipset;

/// <summary>Blocks in kernel sets that two iptables rules a family look into: for hosts without nftables.</summary>
/// <remarks>
/// Cost: a block is one netlink request and one question; the programs <c>iptables</c> and <c>ip6tables</c> run at the start, and when the rules have
/// changed. The kernel ends blocks on time, in whole seconds (rounded up), at most 24 days at once; a longer block is renewed by whoever holds this.
/// A question for one target tells that it is there but not how long: what is left is taken from the request. Threads: safe. It sees the network
/// namespace of the thread that made it, and starts programs in that of the thread that calls.
/// </remarks>
internal sealed class IpsetFirewall : IFirewall
{
    private readonly Lock gate = new();
    private readonly IpsetSets sets = new();
    private readonly IReadOnlyList<IptablesTool> tools;
    private readonly NetlinkSocket? nftables;
    private readonly NftInspection? inspection;
    private uint generation;
    private (long, long) stamps;
    private string? mended;

    private IpsetFirewall(IReadOnlyList<IptablesTool> tools)
    {
        this.tools = tools;
        if (!tools[0].IsOverNftables())
            return;

        nftables = new NetlinkSocket(NetlinkSocket.Netfilter);
        inspection = new NftInspection(nftables);
    }

    public string Name => "iptables with ipset";

    public bool EndsBlocksItself => true;

    public long MaxMilliseconds => IpsetConstants.MaxTimeoutSeconds * 1000;

    /// <summary>Opens it and sets up what is missing.</summary>
    /// <exception cref="FirewallSetupException">A program is missing, no permission, or the kernel has no ipset.</exception>
    internal static IpsetFirewall Open()
    {
        if (IptablesTool.Find(isIPv6: false) is not { } four || IptablesTool.Find(isIPv6: true) is not { } six)
            throw new FirewallSetupException("iptables was not found in /usr/sbin, /sbin, /usr/bin or /bin; install the package iptables");

        IpsetFirewall? firewall = null;
        try
        {
            firewall = new IpsetFirewall([four, six]);
            firewall.SetUp();
            firewall.mended = null;
            return firewall;
        }
        catch (IOException e)
        {
            firewall?.Dispose();
            throw e as FirewallSetupException ?? new FirewallSetupException($"this kernel does not let us use ipset: {e.Message}", e);
        }
    }

    public FirewallResult Put(BlockTarget target, long durationMilliseconds) =>
        Guarded(() =>
        {
            var seconds = SecondsOf(durationMilliseconds == 0 ? -1 : durationMilliseconds);
            var answer = sets.AddOne(target, seconds);
            if (answer.Errno == Errno.NoEntry)
            {
                SetUp();
                answer = sets.AddOne(target, seconds);
            }

            if (!answer.IsOk)
                return FirewallResult.Failed($"ipset refused to add {target}: {IpsetSets.Describe(answer)}");
            if (MayHaveChanged())
                SetUp();

            return sets.Holds(target)
                ? FirewallResult.Present(seconds == 0 ? -1 : seconds * 1000)
                : FirewallResult.Failed($"{target} was accepted by ipset but is not in the kernel");
        });

    public FirewallResult Remove(BlockTarget target) =>
        Guarded(() =>
        {
            var answer = sets.DeleteOne(target);
            if (!answer.IsOk && answer.Errno is not (IpsetConstants.ErrorNotThere or Errno.NoEntry))
                return FirewallResult.Failed($"ipset refused to delete {target}: {IpsetSets.Describe(answer)}");

            return sets.Holds(target) ? FirewallResult.Failed($"{target} is still in the kernel") : FirewallResult.Absent;
        });

    public FirewallResult Read(BlockTarget target) =>
        Guarded(() =>
        {
            if (!sets.Holds(target))
                return FirewallResult.Absent;

            // Only the list tells the time, and only a person asks for one target.
            var all = sets.ListOne(NftNames.SetOf(target));
            var found = all.FindIndex(e => e.Target == target);
            return found < 0 ? FirewallResult.Absent : FirewallResult.Present(all[found].RemainingMilliseconds);
        });

    public FirewallResult[] Ensure(IReadOnlyList<FirewallEntry> wanted)
    {
        lock (gate)
        {
            var results = new FirewallResult[wanted.Count];
            try
            {
                int[] missing = [.. Enumerable.Range(0, wanted.Count).Where(i => !IsHeld(wanted[i]))];
                foreach (var ofSet in missing.GroupBy(i => NftNames.SetOf(wanted[i].Target)))
                    AddAll(ofSet.Key, [.. ofSet.Select(i => wanted[i])]);

                var put = missing.ToHashSet();
                for (var i = 0; i < results.Length; i++)
                {
                    results[i] =
                        put.Contains(i) && !sets.Holds(wanted[i].Target)
                            ? FirewallResult.Failed($"{wanted[i].Target} is not in the kernel")
                            : FirewallResult.Present(wanted[i].RemainingMilliseconds) with
                            {
                                WasMissing = put.Contains(i) && !IsToBeRenewed(wanted[i]),
                            };
                }
            }
            catch (IOException e)
            {
                Array.Fill(results, FirewallResult.Failed(e.Message));
            }

            return results;
        }
    }

    public string? Mend()
    {
        lock (gate)
        {
            SetUp();
            (var what, mended) = (mended, null);
            return what;
        }
    }

    public bool MayHaveChanged()
    {
        lock (gate)
            return mended is not null || (inspection is null ? stamps != ReadStamps() : inspection.ReadGeneration() != generation);
    }

    public IFirewallWatch? Watch() => null;

    public IReadOnlyCollection<FirewallEntry> List()
    {
        lock (gate)
            return [.. NftNames.Sets.SelectMany(sets.ListOne)];
    }

    public int Clear()
    {
        lock (gate)
        {
            var before = NftNames.Sets.Sum(s => sets.ListOne(s).Count);
            foreach (var set in NftNames.Sets)
            {
                var answer = sets.FlushOne(set);
                if (!answer.IsOk && answer.Errno != Errno.NoEntry)
                    throw new IOException($"ipset refused to clear {IpsetSets.NameOf(set)}: {IpsetSets.Describe(answer)}");
            }

            var after = NftNames.Sets.Sum(s => sets.ListOne(s).Count);
            return after == 0 ? before : throw new IOException($"{after} targets are still in the kernel");
        }
    }

    public void Dispose()
    {
        sets.Dispose();
        nftables?.Dispose();
    }

    private static (long, long) ReadStamps() => (LegacyTable.Stamp(isIPv6: false), LegacyTable.Stamp(isIPv6: true));

    private static long SecondsOf(long remainingMilliseconds) =>
        remainingMilliseconds < 0 ? 0 : Math.Clamp((remainingMilliseconds + 999) / 1000, 1, IpsetConstants.MaxTimeoutSeconds);

    // A block over the kernel's longest time is given its next part whenever it is looked at.
    private bool IsToBeRenewed(FirewallEntry entry) => entry.RemainingMilliseconds > MaxMilliseconds;

    private bool IsHeld(FirewallEntry entry) => !IsToBeRenewed(entry) && sets.Holds(entry.Target);

    private void AddAll(NftSet set, IReadOnlyList<FirewallEntry> entries)
    {
        var parts = entries.Select(e => (e.Target, SecondsOf(e.RemainingMilliseconds))).ToList();
        var answer = sets.AddMany(set, parts);
        if (answer.Errno == Errno.NoEntry)
        {
            SetUp();
            answer = sets.AddMany(set, parts);
        }

        if (!answer.IsOk)
            throw new IOException($"ipset refused to add {entries.Count} targets: {IpsetSets.Describe(answer)}");
    }

    private void SetUp()
    {
        if (sets.MakeMissing())
            mended = "sets of ours were missing and were made";
        foreach (var tool in tools)
        {
            if (tool.Mend())
                mended = "rules of ours were not where they have to be and were put there";
        }

        if (inspection is not null)
            generation = inspection.ReadGeneration();
        stamps = ReadStamps();
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
