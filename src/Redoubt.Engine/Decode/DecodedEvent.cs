using Redoubt.Engine.Match;
using Redoubt.Model;
using Redoubt.Patterns;

namespace Redoubt.Engine.Decode;

/// <summary>One line after pre-decoding and decoding: where in its bytes everything stands.</summary>
/// <remarks>
/// One object per engine, reused: spans are valid until the engine analyses the next line.
/// Time: arrival, Unix milliseconds as stamped by the collector. Allocates nothing per line. Threads: not safe.
/// Source: rule-engine.md 1.1.
/// </remarks>
public sealed class DecodedEvent
{
    // Bytes that patterns may read for one event, all patterns together: about ten milliseconds. A line of 64 KiB has room for
    // more than a hundred full searches; a line made to cost more is a denial of service.
    private const long MaxWorkBytes = 8L << 20;

    // No ruleset has patterns enough for a shorter line to reach the limit.
    private const int ShortLine = 1024;

    private readonly TextSpan[] _static = new TextSpan[StaticFields.Count];
    private readonly int[] _firstOfNumber;
    private readonly long[] _stampOfNumber;
    private readonly byte[] _ownHostname;
    private readonly byte[] _ownHostnameLowered;
    private readonly bool _keepsHeaderHostname;
    private DynamicField[] _dynamic = new DynamicField[64];
    private long _stamp;
    private long _workBytes;
    private readonly (object? Spender, long Bytes)[] _costliest = new (object?, long)[3];

    internal DecodedEvent(FieldNames names, int literalWords, byte[] ownHostname, Compatibility compatibility)
    {
        Literals = new ulong[literalWords];
        Names = names;
        _firstOfNumber = new int[names.Count];
        _stampOfNumber = new long[names.Count];
        _ownHostname = ownHostname;
        _ownHostnameLowered = AsciiFold.ToLower(ownHostname);
        _keepsHeaderHostname = compatibility == Compatibility.Best;
        Source = null!;
    }

    /// <summary>Arrival, Unix time in milliseconds.</summary>
    public long ArrivalUnixMilliseconds { get; internal set; }

    /// <summary>The line as received.</summary>
    public ReadOnlySpan<byte> FullLog => Text.Raw(FullLogSpan);

    /// <summary>What patterns run on: the line without its header.</summary>
    public ReadOnlySpan<byte> Log => Text.Raw(LogSpan);

    /// <summary>The header's timestamp as text; empty when there is none.</summary>
    public ReadOnlySpan<byte> Timestamp => Text.Raw(TimestampSpan);

    /// <summary>The header's program name; empty when there is none (see <see cref="HasProgramName"/>).</summary>
    public ReadOnlySpan<byte> ProgramName => Text.Raw(ProgramNameSpan);

    /// <summary>Whether the header names a program, be it an empty name.</summary>
    public bool HasProgramName => ProgramNameSpan.Exists;

    /// <summary>The host name that rules look at: of the agent, of the header, or our own.</summary>
    public ReadOnlySpan<byte> Hostname =>
        HasForeignAgentName ? Source.AgentName
        : HostnameSpan.Exists ? Text.Raw(HostnameSpan)
        : _ownHostname;

    /// <summary>The host name that <c>predecoder.hostname</c> shows: the word after a <c>Mmm dd hh:mm:ss</c> date; empty for all other headers.</summary>
    public ReadOnlySpan<byte> HeaderHostname => DatedHostname.Find(FullLog);

    /// <summary>Where the line comes from, as rules look at it.</summary>
    public ReadOnlySpan<byte> Location => LocationOverride.Exists ? Text.Raw(LocationOverride) : Source.FullLocation;

    /// <summary>The decoder's name, or null when none matched.</summary>
    public string? DecoderName => Decoder?.EffectiveName;

    /// <summary>The parent's name when a child's prematch chose it, else null.</summary>
    public string? DecoderParent => ParentDecoder?.Name;

    /// <summary>The decoder's <c>ftscomment</c>, or null.</summary>
    public string? FtsComment => Decoder?.FtsComment;

    /// <summary>Whether the decoder accumulates.</summary>
    public bool Accumulates => Decoder is { Accumulates: true };

    /// <summary>The kind of log.</summary>
    public Category Category { get; internal set; }

    /// <summary>Whether patterns had to be passed over because the line would have cost too much; its rule may be a wrong one.</summary>
    public bool IsOverBudget => _workBytes > MaxWorkBytes;

    /// <summary>What took most of the work when <see cref="IsOverBudget"/>: <c>rule 31151</c>, <c>decoder web-accesslog</c>; the costliest first, at most three.</summary>
    public IReadOnlyList<string> Costliest =>
        [.. _costliest.Where(c => c.Bytes > 0).OrderByDescending(c => c.Bytes).Select(c => NameOf(c.Spender!))];

    /// <summary>Number of fields that have a value, static ones first.</summary>
    public int FieldCount
    {
        get
        {
            var count = DynamicCount;
            foreach (var span in _static)
                count += span.Exists ? 1 : 0;

            return count;
        }
    }

    internal FieldNames Names { get; }

    internal EventText Text { get; } = new();

    internal SourceTexts Source { get; set; }

    internal LineKind Kind { get; set; }

    /// <summary>What is known of the header's program; null without one.</summary>
    internal ProgramFacts? Program { get; set; }

    /// <summary>The rules that the event may meet; see <see cref="RuleScout"/>.</summary>
    internal RuleCandidates Candidates { get; } = new();

    /// <summary>Which of the ruleset's literals stand in the log.</summary>
    internal ulong[] Literals { get; }

    internal TextSpan FullLogSpan { get; set; }

    internal TextSpan LogSpan { get; set; }

    internal TextSpan TimestampSpan { get; set; }

    internal TextSpan HostnameSpan { get; set; }

    internal TextSpan ProgramNameSpan { get; set; }

    internal TextSpan LocationOverride { get; set; }

    internal Decoder? Decoder { get; set; }

    internal Decoder? ParentDecoder { get; set; }

    /// <summary>Level of the composite rule that fired on this event, 0 for none (rule-engine.md 4.4, marks).</summary>
    internal int Mark { get; set; }

    /// <summary>Id of the rule that another server's alert names (OSSECAlert decoder), or 0.</summary>
    internal int ForeignRuleId { get; set; }

    /// <summary>Whether the source address stands where no client text can.</summary>
    internal bool HasFixedSource { get; set; }

    internal long ArrivalSeconds => ArrivalUnixMilliseconds / 1000;

    internal int DynamicCount { get; private set; }

    internal ReadOnlySpan<byte> HostnameLowered =>
        HasForeignAgentName ? Source.AgentNameLowered
        : HostnameSpan.Exists ? Text.Lowered(HostnameSpan)
        : _ownHostnameLowered;

    internal ReadOnlySpan<byte> LocationLowered => LocationOverride.Exists ? Text.Lowered(LocationOverride) : Source.FullLocationLowered;

    // The original throws the header's host name away for agents; then a relay's lines all seem to come from the relay.
    private bool HasForeignAgentName => !Source.Agent.IsManagerHost && !(_keepsHeaderHostname && HostnameSpan.Exists);

    /// <summary>The n-th field: static ones in their fixed order, then dynamic ones in the order they were decoded.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not in 0 … <see cref="FieldCount"/> - 1.</exception>
    public DecodedField Field(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        for (var i = 0; i < _static.Length; i++)
        {
            if (_static[i].Exists && index-- == 0)
                return ViewOf((StaticField)i);
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, DynamicCount);
        return ViewOf(_dynamic[index]);
    }

    /// <summary>The value of a static field; false when the event has none.</summary>
    public bool TryGetField(StaticField field, out ReadOnlySpan<byte> value)
    {
        value = Text.Raw(_static[(int)field]);
        return _static[(int)field].Exists;
    }

    internal void Start(ReadOnlySpan<byte> line)
    {
        Text.Start(line);
        FullLogSpan = new TextSpan(0, line.Length);
        LogSpan = FullLogSpan;
        TimestampSpan = TextSpan.None;
        HostnameSpan = TextSpan.None;
        ProgramNameSpan = TextSpan.None;
        LocationOverride = TextSpan.None;
        Program = null;
        Decoder = null;
        ParentDecoder = null;
        Category = Category.Syslog;
        Mark = 0;
        ForeignRuleId = 0;
        HasFixedSource = false;
        _workBytes = 0;
        IsLong = line.Length > ShortLine;
        if (IsLong)
            Array.Clear(_costliest);

        Array.Fill(_static, TextSpan.None);
        DynamicCount = 0;
        _stamp++;
    }

    /// <summary>Asks for leave to search so many bytes with a regular expression; false when the event has cost too much already.</summary>
    internal bool Spend(int bytes)
    {
        _workBytes += bytes;
        return _workBytes <= MaxWorkBytes;
    }

    /// <summary>Whether the line could use up its work limit, so that it is worth noting who spends it.</summary>
    internal bool IsLong { get; private set; }

    /// <summary>Bytes searched so far.</summary>
    internal long WorkBytes => _workBytes;

    /// <summary>Notes what a <see cref="Match.Rule"/> or <see cref="Decode.Decoder"/> spent. Called for long lines only.</summary>
    internal void NoteWork(object spender, long bytes)
    {
        var least = 0;
        for (var i = 0; i < _costliest.Length; i++)
        {
            if (ReferenceEquals(_costliest[i].Spender, spender))
            {
                _costliest[i].Bytes += bytes;
                return;
            }

            if (_costliest[i].Bytes < _costliest[least].Bytes)
                least = i;
        }

        if (bytes > _costliest[least].Bytes)
            _costliest[least] = (spender, bytes);
    }

    private static string NameOf(object spender) =>
        spender is Match.Rule rule
            ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"rule {rule.Id}")
            : $"decoder {((Decoder)spender).Name}";

    internal TextSpan Static(StaticField field) => _static[(int)field];

    internal void SetStatic(StaticField field, TextSpan value) => _static[(int)field] = value;

    /// <summary>Adds a dynamic field behind the others; a look-up by name finds the first one.</summary>
    internal void AddDynamic(in DynamicField field)
    {
        if (DynamicCount == _dynamic.Length)
            Array.Resize(ref _dynamic, _dynamic.Length * 2);

        if (field.Number >= 0 && _stampOfNumber[field.Number] != _stamp)
        {
            _stampOfNumber[field.Number] = _stamp;
            _firstOfNumber[field.Number] = DynamicCount;
        }

        _dynamic[DynamicCount++] = field;
    }

    internal TextSpan Dynamic(int number) =>
        number >= 0 && _stampOfNumber[number] == _stamp && _firstOfNumber[number] < DynamicCount
            ? _dynamic[_firstOfNumber[number]].Value
            : TextSpan.None;

    /// <summary>Takes back the fields and texts that were added since a point; static ones are given back as they were.</summary>
    internal void RollBack(int dynamicCount, int textLength, ReadOnlySpan<TextSpan> statics)
    {
        DynamicCount = dynamicCount;
        Text.Truncate(textLength);
        statics.CopyTo(_static);
    }

    internal ReadOnlySpan<TextSpan> Statics => _static;

    internal ref readonly DynamicField DynamicAt(int index) => ref _dynamic[index];

    internal ReadOnlySpan<byte> NameOf(in DynamicField field) => field.FixedName ?? Text.Raw(field.Name);

    private DecodedField ViewOf(StaticField field)
    {
        var span = _static[(int)field];
        return new DecodedField
        {
            Name = StaticFields.NameBytesOf(field),
            Value = Text.Raw(span),
            InLine = InLine(span),
            Static = field,
            ClientText = FieldTrust.IsClientText(field),
        };
    }

    private DecodedField ViewOf(in DynamicField field) =>
        new()
        {
            Name = NameOf(field),
            Value = Text.Raw(field.Value),
            InLine = InLine(field.Value),
            Static = null,
            IsJsonArray = field.IsJsonArray,
            ClientText = true,
        };

    private TextSpan InLine(TextSpan span) => span.End <= FullLogSpan.Length ? span : TextSpan.None;
}
