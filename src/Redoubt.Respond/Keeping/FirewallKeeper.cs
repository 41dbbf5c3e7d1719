using Microsoft.Extensions.Logging;
using Redoubt.Model;
using Redoubt.Respond.Firewall;

namespace Redoubt.Respond.Keeping;

/// <summary>A firewall that stays as it was asked to be: remembers every block and its end, and repairs what others take away.</summary>
/// <remarks>
/// Hears of changes from the kernel where it tells, and looks by itself every <see cref="SweepInterval"/>: at the structure when the ruleset has
/// changed, and at a few blocks in turn. Nothing here ever lists a whole set. A block that ends on time is no incident.
/// What is remembered is in memory only, at most <see cref="MaxTargets"/> targets: the agent's journal is the durable copy, and the agent gives it
/// again whenever it connects. Threads: safe; one thread of its own repairs, in steps that hold other changes up for a few milliseconds.
/// </remarks>
internal sealed partial class FirewallKeeper : IDisposable
{
    internal const int MaxTargets = 1_000_000;

    private const int LookedAtPerSweep = 256;

    // A difference that is worth a pause of a few milliseconds.
    private const int ManyTargets = 10_000;

    // What is about to end is not worth a repair, and may have ended between two questions.
    private const long EndingMilliseconds = 2000;

    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ReleaseRetry = TimeSpan.FromSeconds(1);

    // A script that deletes one element after the other is one incident.
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestGathering = TimeSpan.FromMilliseconds(500);

    private readonly IFirewall firewall;
    private readonly IncidentQueue incidents;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly IFirewallWatch? watch;
    private readonly WakeUp wakeUp = new();
    private readonly Thread worker;

    // Guards the register, and makes a change of it and of the firewall one step.
    private readonly Lock gate = new();
    private readonly BlockRegister register = new();
    private readonly PriorityQueue<BlockTarget, long> endings = new();
    private readonly FirewallSuspicion suspicion = new();
    private int lookedAt;
    private long sweepDue;
    private bool isSample;
    private bool isBlind;
    private int lostBefore;
    private int countBefore;

    // Missing blocks that an order put back before the repair came to them; the repair tells of them.
    private int restoredByOrders;
    private volatile bool isEnding;

    internal FirewallKeeper(IFirewall firewall, IncidentQueue incidents, TimeProvider time, ILogger logger)
    {
        this.firewall = firewall;
        this.incidents = incidents;
        this.time = time;
        this.logger = logger;
        watch = firewall.Watch();
        if (!firewall.EndsBlocksItself)
            Adopt();
        sweepDue = Now + (long)SweepInterval.TotalMilliseconds;
        worker = new Thread(Work, maxStackSize: 256 * 1024) { IsBackground = true, Name = "keeper" };
        worker.Start();
    }

    /// <summary>Name of the firewall for people.</summary>
    internal string Name => firewall.Name;

    /// <summary>Whether blocks have an effect.</summary>
    internal bool HasEffect => firewall.HasEffect;

    /// <summary>How many targets have been asked for and are not over.</summary>
    internal int Count
    {
        get
        {
            lock (gate)
                return register.Count;
        }
    }

    private long Now => (long)time.GetElapsedTime(0, time.GetTimestamp()).TotalMilliseconds;

    /// <summary>Blocks a target, or gives it a new time; see <see cref="IFirewall.Put"/>.</summary>
    internal FirewallResult Put(BlockTarget target, long durationMilliseconds)
    {
        lock (gate)
        {
            if (WhyFull(target) is { } full)
                return FirewallResult.Failed(full);

            var isHeld = register.TryGet(target, out var held) && !IsEnding(held);
            var result = firewall.Put(target, durationMilliseconds);
            if (isHeld && result.WasMissing)
                restoredByOrders++;
            if (result.State == FirewallState.Present)
                Remember(target, durationMilliseconds == 0 ? -1 : Math.Max(durationMilliseconds, result.RemainingMilliseconds));
            return result;
        }
    }

    /// <summary>Makes sure of targets that were blocked before: what is there keeps its time, what is missing is put there.</summary>
    /// <param name="wanted">Each target once, at most <see cref="IFirewall.MaxEnsured"/>.</param>
    internal FirewallResult[] Load(IReadOnlyList<FirewallEntry> wanted)
    {
        lock (gate)
        {
            var now = Now;

            // Where this process has kept the time since, its monotonic clock is right, whatever happened to the wall clock meanwhile.
            var known = wanted
                .Select(w => register.TryGet(w.Target, out var ends) ? w with { RemainingMilliseconds = Left(ends, now) } : w)
                .ToList();
            if (register.Count + known.Count > MaxTargets && known.Exists(w => WhyFull(w.Target) is not null))
                return [.. known.Select(w => FirewallResult.Failed(WhyFull(w.Target) ?? "others in this request are too many"))];

            var results = firewall.Ensure(known);
            for (var i = 0; i < results.Length; i++)
            {
                if (results[i].State != FirewallState.Present)
                    continue;

                if (results[i].WasMissing && register.TryGet(known[i].Target, out var held) && !IsEnding(held))
                    restoredByOrders++;
                Remember(known[i].Target, Learned(known[i].RemainingMilliseconds, results[i].RemainingMilliseconds));
            }

            return results;
        }
    }

    /// <summary>Ends a block; see <see cref="IFirewall.Remove"/>.</summary>
    internal FirewallResult Remove(BlockTarget target)
    {
        lock (gate)
        {
            register.Remove(target);
            var result = firewall.Remove(target);

            // What lay inside a prefix was blocked by it; now it needs its own entry again.
            if (!target.IsSingle && register.Prefixes > 0)
                EnsureInside(target);
            return result;
        }
    }

    /// <summary>See <see cref="IFirewall.Read"/>.</summary>
    internal FirewallResult Read(BlockTarget target) => firewall.Read(target);

    /// <summary>See <see cref="IFirewall.List"/>.</summary>
    internal IReadOnlyCollection<FirewallEntry> List() => firewall.List();

    /// <summary>Ends all blocks; see <see cref="IFirewall.Clear"/>.</summary>
    internal int Clear()
    {
        lock (gate)
        {
            register.Clear();
            endings.Clear();
            restoredByOrders = 0;
            return firewall.Clear();
        }
    }

    /// <summary>Stops looking; the blocks stay.</summary>
    public void Dispose()
    {
        isEnding = true;
        wakeUp.Set();
        worker.Join();
        watch?.Dispose();
        wakeUp.Dispose();
        firewall.Dispose();
    }

    /// <summary>Blocks of an enforcer before this one, which nobody else would end.</summary>
    private void Adopt()
    {
        foreach (var entry in firewall.List())
            Remember(entry.Target, entry.RemainingMilliseconds);
    }

    private string? WhyFull(BlockTarget target) =>
        register.Count >= MaxTargets && !register.TryGet(target, out _)
            ? $"{MaxTargets} targets are blocked already: release some first"
            : null;

    private static long Left(long ends, long now) => ends == BlockRegister.Never ? -1 : Math.Max(ends - now, 1);

    private bool IsEnding(long ends) => ends != BlockRegister.Never && ends - Now <= EndingMilliseconds;

    // The firewall's own clock decides when a block ends, unless it could not be given the whole time at once.
    private long Learned(long wanted, long remaining) =>
        wanted < 0 || (wanted >= firewall.MaxMilliseconds && remaining >= 0) ? wanted : remaining;

    private void Remember(BlockTarget target, long remainingMilliseconds)
    {
        var ends =
            remainingMilliseconds < 0 || remainingMilliseconds > long.MaxValue / 2 ? BlockRegister.Never : Now + remainingMilliseconds;
        if (register.TryGet(target, out var before) && before == ends)
            return;

        register.Set(target, ends);
        if (firewall.EndsBlocksItself || ends == BlockRegister.Never)
            return;

        endings.Enqueue(target, ends);
        if (Thread.CurrentThread != worker)
            wakeUp.Set();
    }

    private void EnsureInside(BlockTarget target)
    {
        var inside = new List<FirewallEntry>();
        for (var place = 0; place < register.Count && inside.Count < IFirewall.MaxEnsured; place++)
        {
            if (register.IsPrefixAt(place) && register.At(place) is var (inner, ends) && target.Contains(inner))
                inside.Add(new FirewallEntry(inner, Left(ends, Now)));
        }

        if (inside.Count > 0)
            firewall.Ensure(inside);
    }

    private void Work()
    {
        while (!isEnding)
        {
            try
            {
                if (wakeUp.Wait(watch?.Descriptor ?? -1, UntilNext()))
                    Gather();
                if (isEnding)
                    return;

                ReleaseEnded();
                if (Now >= sweepDue)
                    Sweep();
                if (!suspicion.IsEmpty)
                    Repair();

                if (isBlind)
                    Log.LookedAtAgain(logger, firewall.Name);
                isBlind = false;
            }
            catch (IOException e)
            {
                if (!isBlind)
                    Log.NotLookedAt(logger, firewall.Name, e.Message, SweepInterval.TotalSeconds);
                isBlind = true;
                (suspicion.Structure, suspicion.Everything) = (true, true);
                wakeUp.Wait(-1, SweepInterval);
            }
        }
    }

    private TimeSpan UntilNext()
    {
        var next = sweepDue;
        lock (gate)
        {
            if (endings.TryPeek(out _, out var ends))
                next = Math.Min(next, ends);
        }

        return TimeSpan.FromMilliseconds(Math.Max(next - Now, 0));
    }

    private void Gather()
    {
        if (watch is null)
            return;

        var started = Now;
        do watch.Read(suspicion);
        while (!isEnding && Now - started < (long)LongestGathering.TotalMilliseconds && wakeUp.Wait(watch.Descriptor, Quiet));
    }

    /// <summary>Looks at the structure if somebody has changed the ruleset, and at the next few blocks.</summary>
    private void Sweep()
    {
        sweepDue = Now + (long)SweepInterval.TotalMilliseconds;
        GiveMemoryBack();
        if (lostBefore > 0)
            suspicion.Everything = true;
        if (firewall.MayHaveChanged())
        {
            suspicion.Structure = true;
            suspicion.Everything |= watch is null;
        }

        isSample = suspicion.IsEmpty;

        lock (gate)
        {
            for (var i = 0; i < LookedAtPerSweep && register.Count > 0; i++)
            {
                if (lookedAt <= 0)
                    lookedAt = register.Count;
                lookedAt = Math.Min(lookedAt, register.Count) - 1;
                if (lookedAt < 0)
                    break;

                var (target, ends) = register.At(lookedAt);
                if (ends <= Now && firewall.EndsBlocksItself)
                    register.RemoveAt(lookedAt);
                else
                    suspicion.Add(target);

                // All of them in one sweep, where they are few; none twice.
                if (i + 1 >= register.Count)
                    break;
            }
        }
    }

    // Loading many leaves ten times as much behind as is kept. On a quiet host nothing else would ever clean it up.
    private void GiveMemoryBack()
    {
        var count = Count;
        if (count < countBefore + ManyTargets)
        {
            countBefore = Math.Min(countBefore, count);
            return;
        }

        countBefore = count;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }

    private void Repair()
    {
        var started = time.GetTimestamp();
        var tally = new Tally();
        string? mended = null;
        if (suspicion.Structure)
        {
            lock (gate)
                mended = firewall.Mend();
        }

        if (suspicion.Everything || mended is not null)
            EnsureAll(tally);
        else
            EnsureSuspected(tally);

        // One missing among a few that were looked at by chance: nobody told of it, so others may be missing too.
        if (isSample && tally.Restored + tally.Lost > 0)
            EnsureAll(tally);
        isSample = false;
        lock (gate)
            (tally.Restored, restoredByOrders) = (tally.Restored + restoredByOrders, 0);

        var author = suspicion.Author;
        suspicion.Clear();
        Tell(tally, mended, author, time.GetElapsedTime(started));
    }

    private void EnsureAll(Tally tally)
    {
        // Downwards: what is taken out meanwhile moves only what has been looked at already.
        for (var place = Count; place > 0 && !isEnding; )
        {
            lock (gate)
            {
                place = Math.Min(place, register.Count);
                var wanted = new List<FirewallEntry>();
                while (place > 0 && wanted.Count < IFirewall.MaxEnsured)
                    AddWanted(register.At(--place), wanted);
                EnsureNow(wanted, tally);
            }
        }
    }

    private void EnsureSuspected(Tally tally)
    {
        foreach (var part in suspicion.Targets.Chunk(IFirewall.MaxEnsured))
        {
            lock (gate)
            {
                var wanted = new List<FirewallEntry>();
                foreach (var target in part)
                {
                    if (register.TryGet(target, out var ends))
                        AddWanted((target, ends), wanted);
                }

                EnsureNow(wanted, tally);
            }
        }

        if (!suspicion.Prefixes)
            return;

        lock (gate)
        {
            var wanted = new List<FirewallEntry>();
            for (var place = 0; place < register.Count && wanted.Count < IFirewall.MaxEnsured && register.Prefixes > 0; place++)
            {
                if (register.IsPrefixAt(place))
                    AddWanted(register.At(place), wanted);
            }

            EnsureNow(wanted, tally);
        }
    }

    private void AddWanted((BlockTarget Target, long Ends) one, List<FirewallEntry> wanted)
    {
        if (!IsEnding(one.Ends))
            wanted.Add(new FirewallEntry(one.Target, Left(one.Ends, Now)));
    }

    private void EnsureNow(List<FirewallEntry> wanted, Tally tally)
    {
        if (wanted.Count == 0)
            return;

        var results = firewall.Ensure(wanted);
        for (var i = 0; i < results.Length; i++)
        {
            if (results[i].State != FirewallState.Present)
            {
                tally.Lost++;
                tally.Reason = results[i].Reason;
                continue;
            }

            if (results[i].WasMissing)
                tally.Restored++;

            // Who ends blocks himself has the better clock; else ours is the only one.
            if (firewall.EndsBlocksItself)
                Remember(wanted[i].Target, Learned(wanted[i].RemainingMilliseconds, results[i].RemainingMilliseconds));
        }
    }

    private void Tell(Tally tally, string? mended, string? author, TimeSpan took)
    {
        // What cannot be put back is told when it gets worse, not at every try.
        var isNews = mended is not null || tally.Restored > 0 || tally.Lost > lostBefore;
        lostBefore = tally.Lost;
        if (!isNews)
            return;

        var text = Incident.Describe(firewall.Name, author, mended, tally.Restored, tally.Lost, tally.Reason, took);
        incidents.Add(text, tally.Restored, tally.Lost);
        if (tally.Lost > 0)
            Log.NotRepaired(logger, text, SweepInterval.TotalSeconds);
        else
            Log.Repaired(logger, text);
    }

    private void ReleaseEnded()
    {
        lock (gate)
        {
            while (endings.TryPeek(out var target, out var due) && due <= Now)
            {
                endings.Dequeue();

                // Renewed or released since: another entry, or none, stands for it.
                if (!register.TryGet(target, out var ends) || ends > Now)
                    continue;

                register.Remove(target);
                var result = firewall.Remove(target);
                if (result.State == FirewallState.Absent)
                    continue;

                Log.NotReleased(logger, target, firewall.Name, result.Reason ?? "no reason", ReleaseRetry.TotalSeconds);
                var again = Now + (long)ReleaseRetry.TotalMilliseconds;
                register.Set(target, again);
                endings.Enqueue(target, again);
            }
        }
    }

    private sealed class Tally
    {
        internal int Restored { get; set; }

        internal int Lost { get; set; }

        internal string? Reason { get; set; }
    }
}
