using System.Buffers.Binary;
using Redoubt.Engine.Decode;
using Redoubt.Engine.Match;

namespace Redoubt.Engine.Correlate;

/// <summary>Decides whether composite rules fire, and remembers events for them.</summary>
/// <remarks>
/// The meaning is that of walking a list of all remembered events, newest first; an index by key finds the few that can matter,
/// so the cost does not grow with the number of sources. Time: arrival, whole seconds. Threads: not safe.
/// Source: rule-engine.md 4.4 (docs/compat/frequency.md).
/// </remarks>
internal sealed class Correlator
{
    /// <summary>Most earlier lines that an alert shows.</summary>
    public const int MaxPreviousLines = 11;

    private readonly Ruleset _ruleset;
    private readonly EngineOptions _options;
    private readonly KeyHasher _hasher;
    private readonly EventStore _events;
    private readonly LineRing _lines;
    private readonly Window[] _windows;
    private readonly MuteTable _mutes;
    private readonly (long Event, WindowKey Key, bool HasKey)[] _keyOfKind;
    private readonly ulong[] _differences;
    private readonly (long Line, int Length)[] _previous = new (long, int)[MaxPreviousLines];
    private readonly (long Line, int Length)[] _counted = new (long, int)[MaxPreviousLines];
    private byte[] _keyBytes = new byte[256];
    private int _previousCount;
    private long _eventNumber;

    /// <param name="ruleset">Its windows.</param>
    /// <param name="options">Limits.</param>
    /// <param name="secret">Key of the hashes.</param>
    /// <param name="older">A correlator with the same secret whose memory is taken over, or null. It must not be used afterwards.</param>
    public Correlator(Ruleset ruleset, EngineOptions options, ReadOnlySpan<byte> secret, Correlator? older)
    {
        _ruleset = ruleset;
        _options = options;
        _hasher = new KeyHasher(secret);
        _events = older?._events ?? new EventStore();
        _lines = older?._lines ?? new LineRing(options.MaxRememberedLineBytes);
        _mutes = older?._mutes ?? new MuteTable(options.MaxKeysPerWindow);
        Sequence = older?.Sequence ?? 0;
        ForgottenUpTo = older?.ForgottenUpTo ?? 0;
        if (ruleset.Compatibility == Compatibility.Strict)
            _events.KeepSequences(Sequence);

        _windows = [.. ruleset.Windows.Select(spec => TakeOver(spec, older) ?? new Window(spec, _events, options.MaxKeysPerWindow))];
        foreach (var window in older?._windows ?? [])
        {
            if (!_windows.Contains(window))
                window.Clear();
        }

        _keyOfKind = new (long, WindowKey, bool)[_windows.Length];
        _differences = new ulong[_windows.Select(w => w.Spec.Different.Length + 1).DefaultIfEmpty(1).Max()];
    }

    /// <summary>Keys with remembered events, over all windows.</summary>
    public int Keys => _windows.Sum(w => w.KeyCount);

    /// <summary>Events remembered now.</summary>
    public int RememberedEvents => _events.Count;

    /// <summary>Keys and mutes that were dropped early because a limit was reached.</summary>
    public long Evictions => _windows.Sum(w => w.Evictions) + _mutes.Evictions;

    /// <summary>Lines that were overwritten before an alert wanted to show them.</summary>
    public long MissingLines { get; private set; }

    /// <summary>Events whose rule had a level above 0, so far.</summary>
    internal long Sequence { get; set; }

    /// <summary>In strict mode: events up to this place are as good as forgotten.</summary>
    internal long ForgottenUpTo { get; set; }

    internal IReadOnlyList<Window> Windows => _windows;

    internal EventStore Events => _events;

    internal MuteTable Mutes => _mutes;

    internal LineRing Lines => _lines;

    /// <summary>A new line begins.</summary>
    public void StartEvent()
    {
        _eventNumber++;
        _previousCount = 0;
    }

    /// <summary>Whether the composite fires on the event; then the events it used are marked.</summary>
    public bool Fires(CompositeSpec composite, DecodedEvent e)
    {
        var counted = Search(composite, e, composite.Needed + 1, out var newestCounted);
        if (counted <= composite.Needed)
            return false;

        e.Mark = composite.Level;

        // A frequency of 2 uses up nothing in the original, so it would fire on every further event.
        if (composite.Needed >= 1 || _ruleset.Compatibility == Compatibility.Best)
            _events.At(newestCounted).Mark = composite.Level;

        KeepPrevious(composite, Math.Min(counted, MaxPreviousLines));
        return true;
    }

    /// <summary>How far the composite's window is for the event; changes nothing.</summary>
    public WindowCount Count(CompositeSpec composite, DecodedEvent e)
    {
        var spec = _windows[composite.Window.Index].Spec;
        return TryGetKey(spec, e, out _)
            ? new WindowCount(Search(composite, e, least: 1, out _), composite.Needed + 1, composite.TimeframeSeconds, HasKey: true)
            : new WindowCount(0, composite.Needed + 1, composite.TimeframeSeconds, HasKey: false);
    }

    // How many earlier events count; the search ends with the one that makes the composite fire. With fewer than the least it does not begin.
    private int Search(CompositeSpec composite, DecodedEvent e, int least, out int newestCounted)
    {
        newestCounted = -1;
        var window = _windows[composite.Window.Index];
        if (!TryGetKey(window.Spec, e, out var key))
            return 0;

        var differences = window.Spec.Different.Length > 0 ? ReadDifferences(window.Spec, e) : default;
        var counted = 0;

        // With too few events there is nothing to count: no look at any of them.
        for (var entry = window.Newest(key, least); entry >= 0 && counted <= composite.Needed; entry = window.Older(entry))
        {
            ref var remembered = ref _events.At(window.EventOf(entry));
            if (
                e.ArrivalSeconds - remembered.ArrivalSeconds > composite.TimeframeSeconds
                || (ForgottenUpTo > 0 && _events.SequenceOf(window.EventOf(entry)) <= ForgottenUpTo)
            )
                break;

            if (!differences.IsEmpty && !AreDifferent(window.Spec, differences, window.DifferencesOf(entry)))
                continue;

            if (remembered.Mark >= composite.Level)
                break;

            if (newestCounted < 0)
                newestCounted = window.EventOf(entry);

            if (counted < MaxPreviousLines)
                _counted[counted] = (remembered.Line, remembered.LineLength);

            counted++;
        }

        return counted;
    }

    /// <summary>Remembers the event for the composites that count its rule.</summary>
    public void Remember(Rule rule, DecodedEvent e)
    {
        Sequence++;
        if (_ruleset.Compatibility == Compatibility.Strict && Sequence - ForgottenUpTo > _options.MemorySize)
            ForgottenUpTo += 10;

        var feeds = rule.Feeds;
        var byRegex = _ruleset.RegexFeeds;
        if (feeds.Length == 0 && byRegex.Length == 0)
            return;

        var slot = -1;
        foreach (var window in feeds)
            RememberIn(_windows[window], rule, e, ref slot);

        foreach (var feed in byRegex)
        {
            if (feed.Pattern.IsMatch(e.Log, e.Text.Lowered(e.LogSpan)))
                RememberIn(_windows[feed.Window], rule, e, ref slot);
        }

        if (slot >= 0)
            _events.ReleaseUnused(slot);
    }

    /// <summary>Whether the rule is quiet for this event; if it is not, it is from now on.</summary>
    public bool IsMutedOrMute(Rule rule, DecodedEvent e)
    {
        var length = 0;
        Write(ref length, rule.IdBytes);

        // One attacker's mute must not hide the next one; the original has one clock per rule.
        if (_ruleset.Compatibility == Compatibility.Best)
        {
            var spec = rule.Composite?.Window;
            if (spec is not { IsGlobal: true })
                Write(ref length, e.Source.AgentId);

            SetApart(ref length, e);
            foreach (var part in spec?.Same ?? [])
            {
                part.TryRead(e, out var value, out _);
                Write(ref length, value);
            }
        }

        return _mutes.IsMutedOrMute(_hasher.Hash(_keyBytes.AsSpan(0, length)), e.ArrivalSeconds, rule.IgnoreSeconds);
    }

    /// <summary>Forgets which lines the last composite counted.</summary>
    public void ForgetPrevious() => _previousCount = 0;

    /// <summary>The lines that the composite counted, newest first, as far as they are still there.</summary>
    public IReadOnlyList<byte[]> PreviousLines()
    {
        if (_previousCount == 0)
            return [];

        var result = new List<byte[]>(_previousCount);
        foreach (var (address, length) in _previous.AsSpan(0, _previousCount))
        {
            if (_lines.TryGet(address, length, out var line))
                result.Add(line.ToArray());
            else
                MissingLines++;
        }

        return result;
    }

    private static Window? TakeOver(WindowSpec spec, Correlator? older)
    {
        var window = Array.Find(older?._windows ?? [], w => w.Spec.Identity == spec.Identity);
        window?.Adopt(spec);
        return window;
    }

    private void KeepPrevious(CompositeSpec composite, int count)
    {
        _previousCount = composite.ShowsPrevious ? count : 0;
        Array.Copy(_counted, _previous, _previousCount);
    }

    private void RememberIn(Window window, Rule rule, DecodedEvent e, ref int slot)
    {
        if (!TryGetKey(window.Spec, e, out var key))
            return;

        if (slot < 0)
        {
            // What the store itself cannot bound, the windows do: every event belongs to a key.
            var line = e.FullLog;
            slot = _events.Add(e.ArrivalSeconds, e.Mark, Sequence, _lines.Add(line), line.Length);
        }

        var differences = window.Spec.Different.Length > 0 ? ReadDifferences(window.Spec, e) : default;
        window.Add(key, slot, e.ArrivalSeconds, differences);
    }

    // False when the event lacks one of the fields that must be equal.
    private bool TryGetKey(WindowSpec spec, DecodedEvent e, out WindowKey key)
    {
        ref var known = ref _keyOfKind[spec.KeyKind];
        if (known.Event != _eventNumber)
            known = (_eventNumber, MakeKey(spec, e, out var hasKey), hasKey);

        key = known.Key;
        return known.HasKey;
    }

    private WindowKey MakeKey(WindowSpec spec, DecodedEvent e, out bool hasKey)
    {
        hasKey = false;
        var length = 0;
        if (!spec.IsGlobal)
            Write(ref length, e.Source.AgentId);

        SetApart(ref length, e);
        if (spec.SeparatesCategories)
            Write(ref length, [(byte)e.Category]);

        foreach (var part in spec.Same)
        {
            if (!part.TryRead(e, out var value, out _))
                return default;

            Write(ref length, value);
        }

        hasKey = true;
        return _hasher.Hash(_keyBytes.AsSpan(0, length));
    }

    // What anybody can have written must not add up to a block, nor hide those who earn one.
    private void SetApart(ref int length, DecodedEvent e)
    {
        if (e.Source.IsClaimed)
            Write(ref length, "claimed"u8);
    }

    private ReadOnlySpan<ulong> ReadDifferences(WindowSpec spec, DecodedEvent e)
    {
        var count = spec.Different.Length;
        for (var i = 0; i < count; i++)
        {
            _differences[i] = 0;
            if (!spec.Different[i].TryRead(e, out var value, out _))
                continue;

            // 0 means "not there".
            _differences[i] = _hasher.Hash(value).Low | 1;
        }

        if (spec.DiffersInDynamic)
            _differences[count++] = e.DynamicCount > 0 ? 1UL : 0;

        return _differences.AsSpan(0, count);
    }

    private static bool AreDifferent(WindowSpec spec, ReadOnlySpan<ulong> mine, ReadOnlySpan<ulong> theirs)
    {
        for (var i = 0; i < spec.Different.Length; i++)
        {
            if (mine[i] != 0 && mine[i] == theirs[i])
                return false;
        }

        return !spec.DiffersInDynamic || mine[^1] != 0 || theirs[^1] != 0;
    }

    // Length first, so that no two rows of values give the same bytes.
    private void Write(ref int length, ReadOnlySpan<byte> value)
    {
        var needed = length + sizeof(int) + value.Length;
        if (needed > _keyBytes.Length)
            Array.Resize(ref _keyBytes, Math.Max(needed, _keyBytes.Length * 2));

        BinaryPrimitives.WriteInt32LittleEndian(_keyBytes.AsSpan(length), value.Length);
        value.CopyTo(_keyBytes.AsSpan(length + sizeof(int)));
        length = needed;
    }
}
