using System.Diagnostics;
using Redoubt.Model;
using Redoubt.Respond.Firewall.Netlink;
using static Redoubt.Respond.Firewall.Nftables.NftConstants;

namespace Redoubt.Respond.Firewall.Nftables;

/// <summary>Blocks in the kernel's <c>table inet redoubt</c>, through a netlink socket of our own.</summary>
/// <remarks>
/// Cost: a block is one transaction and one read-back, about 15 us whatever the set's size; no process is started. The <c>nft</c> program
/// runs once, when the table is missing or wrong; blocks that are in it are kept.
/// Threads: safe. The sockets belong to the network namespace of the thread that called <see cref="Open"/>.
/// Errors: what the kernel refuses is a result with the error's name. A table that somebody has removed is put back.
/// </remarks>
internal sealed class NftablesFirewall : IFirewall
{
    // An element may run out between two steps; more rounds than this mean that somebody else is changing the set.
    private const int MaxRounds = 4;

    // The kernel rounds to its own tick, 10 ms at most.
    private const long TickMilliseconds = 20;

    private readonly Lock gate = new();
    private readonly NetlinkSocket socket = new(NetlinkSocket.Netfilter);
    private readonly NetlinkWriter writer = new();
    private readonly List<NftElement> answers = [];
    private readonly NftListing listing = new();
    private readonly NftInspection inspection;
    private readonly NftBulk bulk;
    private readonly NftTool tool;

    // What the ruleset's generation is when nobody but us has changed anything since the table was last found right.
    private uint generation;

    // What had to be mended since somebody last asked.
    private string? mended;

    private NftablesFirewall(NftTool tool)
    {
        this.tool = tool;
        inspection = new NftInspection(socket);
        bulk = new NftBulk(socket);
    }

    public string Name => "nftables";

    public bool EndsBlocksItself => true;

    public long MaxMilliseconds => MaxTimeoutMilliseconds;

    /// <summary>Opens the firewall of this network namespace and makes the table where it is missing.</summary>
    /// <exception cref="FirewallSetupException">No <c>nft</c>, no permission, or no nftables in the kernel.</exception>
    internal static NftablesFirewall Open()
    {
        var found =
            NftTool.Find()
            ?? throw new FirewallSetupException("nft was not found in /usr/sbin, /sbin or /usr/bin; install the package nftables");
        NftablesFirewall? firewall = null;
        try
        {
            firewall = new NftablesFirewall(found);
            firewall.EnsureTable();
            firewall.mended = null;
            return firewall;
        }
        catch (NetlinkException e)
        {
            firewall?.Dispose();
            throw new FirewallSetupException($"this kernel does not let us use nftables: {e.Message}", e);
        }
        catch
        {
            firewall?.Dispose();
            throw;
        }
    }

    public FirewallResult Put(BlockTarget target, long durationMilliseconds) =>
        Guarded(() =>
        {
            var timeout = Math.Min(durationMilliseconds, MaxTimeoutMilliseconds);
            var started = Stopwatch.GetTimestamp();
            string? note = null;
            for (var round = 0; round < MaxRounds; round++)
            {
                var answer = Transact(NftChange.Create(target, timeout));
                var wasMissing = answer.IsOk;
                if (answer.Errno == Errno.Exists)
                {
                    // Adding what is there does not change its time on most kernels: out and in again, in one transaction.
                    answer = Transact(NftChange.Delete(target), NftChange.Create(target, timeout));
                    if (answer.Errno == Errno.NoEntry && NftNames.SetOf(target).IsInterval)
                    {
                        if (PutOverlapping(target, timeout, started) is { } result)
                            return result;
                    }

                    if (answer.Errno == Errno.NoEntry)
                        continue;
                }

                if (answer.IsOk)
                    return Prove(target, timeout, started, note) with { WasMissing = wasMissing };
                if (answer.Errno != Errno.NoEntry)
                    return FirewallResult.Failed($"nftables refused to add {target}: {answer}");

                note = EnsureTable();
            }

            return FirewallResult.Failed(
                $"set {NftNames.SetOf(target).Name} is being changed by somebody else: {target} could not be added"
            );
        });

    public FirewallResult Remove(BlockTarget target) =>
        Guarded(() =>
        {
            var answer = Transact(NftChange.Delete(target));
            if (!answer.IsOk && answer.Errno != Errno.NoEntry)
                return FirewallResult.Failed($"nftables refused to delete {target}: {answer}");

            return Find(target) is null ? FirewallResult.Absent : FirewallResult.Failed($"{target} is still in the kernel");
        });

    public FirewallResult Read(BlockTarget target) =>
        Guarded(() => Find(target) is { } element ? FirewallResult.Present(element.RemainingMilliseconds) : FirewallResult.Absent);

    public FirewallResult[] Ensure(IReadOnlyList<FirewallEntry> wanted)
    {
        lock (gate)
        {
            var results = new FirewallResult[wanted.Count];
            try
            {
                EnsureSingles([.. Enumerable.Range(0, wanted.Count).Where(i => wanted[i].Target.IsSingle)], wanted, results);
                for (var i = 0; i < wanted.Count; i++)
                {
                    if (!wanted[i].Target.IsSingle)
                        results[i] = EnsurePrefix(wanted[i]);
                }
            }
            catch (IOException e)
            {
                for (var i = 0; i < results.Length; i++)
                {
                    if (results[i].State == FirewallState.Absent)
                        results[i] = FirewallResult.Failed(e.Message);
                }
            }

            return results;
        }
    }

    public string? Mend()
    {
        lock (gate)
        {
            EnsureTable();
            (var what, mended) = (mended, null);
            return what;
        }
    }

    public bool MayHaveChanged()
    {
        lock (gate)
            return mended is not null || inspection.ReadGeneration() != generation;
    }

    public IFirewallWatch Watch() => new NftWatch(socket.Port);

    public IReadOnlyCollection<FirewallEntry> List()
    {
        // Mostly nobody changes the sets meanwhile; else once more while our own changes wait.
        if (listing.TryList(out var entries))
            return entries;

        lock (gate)
        {
            listing.TryList(out entries);
            return entries;
        }
    }

    public int Clear()
    {
        lock (gate)
        {
            listing.TryList(out var before);
            var first = socket.ReserveSequences(NftNames.Sets.Length + 2);
            var sequence = first;
            writer.Clear();
            NftElements.WriteBatchMark(writer, BatchBegin, sequence);
            foreach (var set in NftNames.Sets)
                NftElements.WriteWholeSet(writer, DeleteElement, NetlinkMessage.FlagAck, ++sequence, set);
            NftElements.WriteBatchMark(writer, BatchEnd, sequence + 1);

            var answer = socket.Exchange(writer.Written, first + 1, sequence, first);
            if (!answer.IsOk && answer.Errno != Errno.NoEntry)
                throw new IOException($"nftables refused to clear the sets: {answer}");

            listing.TryList(out var after);
            return after.Count == 0 ? before.Count : throw new IOException($"{after.Count} targets are still in the kernel");
        }
    }

    public void Dispose()
    {
        socket.Dispose();
        listing.Dispose();
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

    private FirewallResult Prove(BlockTarget target, long timeout, long started, string? note)
    {
        // An element alone drops nothing: if somebody else has changed the ruleset, the rules around it are looked at again.
        if (inspection.ReadGeneration() != generation)
            note = EnsureTable() ?? note;

        if (Find(target) is not { } element)
            return timeout > 0 && Stopwatch.GetElapsedTime(started).TotalMilliseconds >= timeout
                ? FirewallResult.Failed($"{target} was blocked for {timeout} ms only, which were over before it could be read back")
                : FirewallResult.Failed($"{target} was accepted by nftables but is not in the kernel");

        // Less than this is left when an older time ran on instead of being renewed.
        var least = timeout - (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds - TickMilliseconds;
        var isRight =
            timeout == 0
                ? element.RemainingMilliseconds < 0
                : element.RemainingMilliseconds >= least && element.RemainingMilliseconds <= timeout + TickMilliseconds;
        return isRight
            ? FirewallResult.Present(element.RemainingMilliseconds) with
            {
                Reason = note,
            }
            : FirewallResult.Failed($"{target} is in the kernel for another {element.RemainingMilliseconds} ms instead of {timeout} ms");
    }

    private void EnsureSingles(int[] which, IReadOnlyList<FirewallEntry> wanted, FirewallResult[] results)
    {
        if (which.Length == 0)
            return;

        // All are there, or none is: the two usual cases, each in one question.
        var targets = Array.ConvertAll(which, i => wanted[i].Target);
        var before = bulk.TryReadAll(targets);
        if (before is null && TryPutAll(which, targets, wanted, results))
            return;

        before ??= bulk.Read(targets);
        var put = new List<FirewallEntry>();
        var renewed = new List<FirewallEntry>();
        for (var n = 0; n < which.Length; n++)
        {
            var entry = wanted[which[n]];
            if (entry.IsHeldBy(before[n]))
            {
                results[which[n]] = FirewallResult.Present(before[n]);
                continue;
            }

            put.Add(entry);
            if (before[n] != NftBulk.Absent)
                renewed.Add(entry);
        }

        if (put.Count == 0)
            return;

        var answer = bulk.Put(put, renewed);
        if (answer.IsOk)
            generation++;

        // An element that came or went in between fails them all: one by one then, with everything a single block does.
        var after = answer.IsOk ? bulk.Read(targets) : null;
        for (var n = 0; n < which.Length; n++)
        {
            var entry = wanted[which[n]];
            if (results[which[n]].State == FirewallState.Present)
                continue;

            var isThere = after is not null && entry.IsHeldBy(after[n]);
            results[which[n]] = (
                isThere ? FirewallResult.Present(after![n]) : Put(entry.Target, Math.Max(entry.RemainingMilliseconds, 0))
            ) with
            {
                WasMissing = true,
            };
        }

        // As after a single block: the elements alone drop nothing.
        if (inspection.ReadGeneration() != generation)
            EnsureTable();
    }

    private bool TryPutAll(int[] which, BlockTarget[] targets, IReadOnlyList<FirewallEntry> wanted, FirewallResult[] results)
    {
        var entries = Array.ConvertAll(which, i => wanted[i]);
        var answer = bulk.Put(entries, []);
        if (answer.Errno == Errno.NoEntry && EnsureTable() is not null)
            answer = bulk.Put(entries, []);
        if (!answer.IsOk)
            return false;

        generation++;
        if (inspection.ReadGeneration() != generation)
            EnsureTable();
        if (bulk.TryReadAll(targets) is not { } after)
            return false;

        for (var n = 0; n < which.Length; n++)
            results[which[n]] = FirewallResult.Present(after[n]) with { WasMissing = true };
        return true;
    }

    private FirewallResult EnsurePrefix(FirewallEntry entry)
    {
        if (Find(entry.Target) is { } found && entry.IsHeldBy(found.RemainingMilliseconds))
            return FirewallResult.Present(found.RemainingMilliseconds);

        // Inside a wider one it is blocked without an element of its own.
        var wanted = NftInterval.Of(entry.Target, entry.RemainingMilliseconds);
        foreach (var wider in listing.ListIntervals(NftNames.SetOf(entry.Target)))
        {
            if (wider.Contains(wanted) && entry.IsHeldBy(wider.RemainingMilliseconds))
                return FirewallResult.Present(wider.RemainingMilliseconds);
        }

        return Put(entry.Target, Math.Max(entry.RemainingMilliseconds, 0)) with
        {
            WasMissing = true,
        };
    }

    private FirewallResult? PutOverlapping(BlockTarget target, long timeout, long started)
    {
        var set = NftNames.SetOf(target);
        var wanted = NftInterval.Of(target, timeout == 0 ? -1 : timeout);
        var overlapping = listing.ListIntervals(set).Where(i => i.Overlaps(wanted)).ToList();
        if (overlapping.Count == 0)
            return null;

        var around = overlapping.FindIndex(i => i.Contains(wanted));
        if (around >= 0)
        {
            var wider = overlapping[around];
            var name = wider.ToTargets(set.IsIPv6).First();
            return Ends(wider) >= Ends(wanted)
                ? FirewallResult.Present(wider.RemainingMilliseconds) with
                {
                    Reason = $"covered by {name}",
                }
                : FirewallResult.Failed(
                    $"{target} is inside {name}, which is blocked for {wider.RemainingMilliseconds} ms only: release it first"
                );
        }

        if (overlapping.Exists(i => !wanted.Contains(i)))
            return FirewallResult.Failed($"{target} overlaps a range in set {set.Name} that was not put there by Redoubt");

        // The wider one takes the narrower ones over; nothing that was blocked becomes free earlier.
        var longest = overlapping.Append(wanted).MaxBy(Ends).RemainingMilliseconds;
        var longestTimeout = Math.Max(longest, 0);
        var narrower = overlapping.SelectMany(i => i.ToTargets(set.IsIPv6)).Select(NftChange.Delete);
        var answer = Transact([.. narrower, NftChange.Create(target, longestTimeout)]);
        if (answer.Errno == Errno.NoEntry)
            return null;

        return answer.IsOk
            ? Prove(target, longestTimeout, started, $"{overlapping.Count} narrower prefixes are part of it now")
            : FirewallResult.Failed($"nftables refused to add {target}: {answer}");
    }

    private static long Ends(NftInterval interval) => interval.RemainingMilliseconds < 0 ? long.MaxValue : interval.RemainingMilliseconds;

    /// <summary>One transaction of several changes: all or nothing.</summary>
    private KernelAnswer Transact(params ReadOnlySpan<NftChange> changes)
    {
        var first = socket.ReserveSequences(changes.Length + 2);
        var sequence = first;
        writer.Clear();
        NftElements.WriteBatchMark(writer, BatchBegin, sequence);
        foreach (var change in changes)
            NftElements.WriteElement(writer, change.Type, change.Flags, ++sequence, change.Target, change.TimeoutMilliseconds);
        NftElements.WriteBatchMark(writer, BatchEnd, sequence + 1);
        var answer = socket.Exchange(writer.Written, first + 1, sequence, first);
        if (answer.IsOk)
            generation++;
        return answer;
    }

    /// <summary>Reads one target back.</summary>
    private NftElement? Find(BlockTarget target)
    {
        var set = NftNames.SetOf(target);
        var sequence = socket.ReserveSequences(1);
        writer.Clear();
        NftElements.WriteQuestion(writer, sequence, target);
        answers.Clear();
        var answer = socket.Exchange(
            writer.Written,
            sequence,
            sequence,
            onMessage: (in NetlinkMessage message) => NftElements.Read(in message, set.KeyBytes, answers)
        );
        if (answer.Errno == Errno.NoEntry && answers.Count == 0)
            return null;
        if (!answer.IsOk && answer.Errno != Errno.NoEntry)
            throw new IOException($"nftables cannot read {target} back: {answer}");

        var wanted = NftInterval.Of(target, 0);
        var start = answers.FindIndex(e => !e.IsIntervalEnd && NftInterval.ToNumber(e.Key) == wanted.Start);
        return start >= 0 && (!set.IsInterval || IsExact(wanted, set)) ? answers[start] : null;
    }

    /// <summary>Whether the interval that was just read is the wanted one, and not one that only begins or ends with it.</summary>
    private bool IsExact(NftInterval wanted, NftSet set)
    {
        var holdsFirstAndLast = answers.Count(e => !e.IsIntervalEnd && NftInterval.ToNumber(e.Key) == wanted.Start) == 2;
        var endsThere =
            NftInterval.IsBehindEverything(wanted.Behind, set.IsIPv6)
            || answers.Exists(e => e.IsIntervalEnd && NftInterval.ToNumber(e.Key) == wanted.Behind);

        // Where the next interval begins at once, kernels answer with the next one's start or end; then only the list can tell.
        return holdsFirstAndLast
            && (endsThere || listing.ListIntervals(set).Exists(i => i.Start == wanted.Start && i.Behind == wanted.Behind));
    }

    /// <summary>Makes or mends the table.</summary>
    /// <returns>What was done, or null when it was right.</returns>
    private string? EnsureTable()
    {
        string? done = null;
        for (var round = 0; round < MaxRounds; round++)
        {
            // Read first: a change during the look is then noticed at the next block.
            generation = inspection.ReadGeneration();
            var finding = inspection.Look();
            if (finding == NftInspection.Finding.Right)
                return done;
            if (finding == NftInspection.Finding.Owned)
                throw new FirewallSetupException(
                    "table inet redoubt belongs to another running program (nftables owner flag); end that one first"
                );

            done = MakeTable(isThere: finding == NftInspection.Finding.Wrong);
            mended = done;
        }

        throw new FirewallSetupException(
            "table inet redoubt was made, but is gone or changed again at once: somebody else is working on it"
        );
    }

    private string MakeTable(bool isThere)
    {
        IReadOnlyCollection<FirewallEntry> keep = [];
        if (isThere)
            listing.TryList(out keep, inspection.HasSet);

        tool.Run(NftScript.Write(isThere, keep));
        return isThere
            ? "table inet redoubt was not as it has to be and was made anew with its blocks"
            : "table inet redoubt was missing and was put back";
    }
}
