using Redoubt.Engine.Decode;
using Redoubt.Patterns;

namespace Redoubt.Engine.Match;

/// <summary>A pattern of any dialect, asked with a text as it came and the same text folded to lower case.</summary>
/// <remarks>Immutable; safe for threads; allocates nothing when matching.</remarks>
internal sealed class TextPattern
{
    private const int MaxRequired = 4;

    // Below that many bytes PCRE2 is as good as linear.
    private const int QuadraticBytes = 16_384;

    private readonly PatternType _type;
    private readonly byte[] _exact;
    private readonly OsMatch? _osMatch;
    private readonly OsRegex? _osRegex;
    private readonly Pcre2Pattern? _pcre2;

    // A few literals of which a regular expression needs one; a vectorised search for them spares most of its runs.
    private readonly byte[][] _required;
    private readonly bool _isSearch;

    private TextPattern(PatternType type, byte[] source, OsMatch? osMatch, OsRegex? osRegex, Pcre2Pattern? pcre2)
    {
        _type = type;
        _exact = source;
        _osMatch = osMatch;
        _osRegex = osRegex;
        _pcre2 = pcre2;
        _isSearch = osMatch is { IsSearch: true };
        RequiredTexts = osMatch?.RequiredTexts ?? osRegex?.RequiredTexts ?? pcre2?.RequiredTexts ?? [];
        ExactTexts = osMatch?.ExactTexts ?? osRegex?.ExactTexts;
        _required = osMatch is not null ? [] : [.. RequiredTexts.Distinct(ByteTextComparer.Instance)];
        if (_required.Length > MaxRequired)
            _required = [];
    }

    /// <summary>The pattern as written, variables filled in.</summary>
    public byte[] Source => _exact;

    public PatternType Type => _type;

    /// <summary>Whether it is a plain search, of which an event may have any number.</summary>
    public bool IsCheap => _type is PatternType.OsMatch or PatternType.Exact;

    /// <summary>What a search of a text is worth in the work of one event, in bytes read.</summary>
    /// <remarks>A regular expression of PCRE2 may read a text again from many of its places; on long ones that is what costs.</remarks>
    public int WorkOn(int bytes) =>
        _pcre2 is { MayReadAgain: true } ? (int)Math.Min(int.MaxValue, bytes + ((long)bytes * bytes / QuadraticBytes)) : bytes;

    /// <summary>Most groups a match can report.</summary>
    public int MaxCaptures => _osRegex?.MaxCaptures ?? _pcre2?.MaxCaptures ?? 0;

    /// <summary>Lower-case texts of which one must stand in every text that matches; empty when there is no such condition.</summary>
    public IReadOnlyList<byte[]> RequiredTexts { get; }

    /// <summary>Numbers of <see cref="RequiredTexts"/> in the ruleset's set of literals, for patterns on the log; else empty.</summary>
    public int[] Literals { get; set; } = [];

    /// <summary>Whether the log matches just when one of <see cref="Literals"/> stands in it: then there is nothing more to ask.</summary>
    public bool IsDecidedByLiterals => Literals.Length > 0 && _isSearch;

    /// <summary>The lower-case texts that match and no other does, or null when the pattern is not of that kind.</summary>
    public IReadOnlyList<byte[]>? ExactTexts { get; }

    /// <summary>Matches given up because a limit of PCRE2 was reached.</summary>
    public long LimitHits => _pcre2?.LimitHits ?? 0;

    public static TextPattern? Parse(PatternType type, byte[] source, out string? problem)
    {
        problem = null;
        switch (type)
        {
            case PatternType.OsMatch:
                return OsMatch.Parse(source, out problem) is { } osMatch ? new TextPattern(type, source, osMatch, null, null) : null;
            case PatternType.OsRegex:
                return OsRegex.Parse(source, out problem) is { } osRegex ? new TextPattern(type, source, null, osRegex, null) : null;
            case PatternType.Pcre2:
                return Pcre2Pattern.Parse(source, out problem) is { } pcre2 ? new TextPattern(type, source, null, null, pcre2) : null;
            default:
                return new TextPattern(type, source, null, null, null);
        }
    }

    public bool IsMatch(ReadOnlySpan<byte> raw, ReadOnlySpan<byte> lowered) =>
        _type switch
        {
            PatternType.OsMatch => _osMatch!.IsMatchLowered(lowered),
            PatternType.OsRegex => MayMatch(lowered) && _osRegex!.IsMatch(lowered),
            PatternType.Pcre2 => MayMatch(lowered) && _pcre2!.IsMatch(raw),
            _ => raw.SequenceEqual(_exact),
        };

    /// <summary>Whether the log that was searched for literals may hold a match at all.</summary>
    public bool MayStandIn(ReadOnlySpan<ulong> literals) => Literals.Length == 0 || LiteralSet.ContainsAny(literals, Literals);

    /// <summary>Whether a log that begins with this byte may match at all.</summary>
    public bool MayBeginWith(byte first) => _osRegex is null || _osRegex.MayBeginWith(first);

    /// <summary>Whether it matches, and the offset behind the match (osregex and PCRE2 only).</summary>
    public bool TryFindEnd(ReadOnlySpan<byte> raw, ReadOnlySpan<byte> lowered, out int next)
    {
        next = 0;
        if (!MayMatch(lowered))
            return false;

        return _type == PatternType.Pcre2 ? _pcre2!.TryFindEnd(raw, out next) : _osRegex!.TryFindEnd(lowered, out next);
    }

    /// <summary>Whether it matches, with groups (osregex and PCRE2 only).</summary>
    public bool TryMatch(ReadOnlySpan<byte> raw, ReadOnlySpan<byte> lowered, Span<Capture> captures, out int count, out int next)
    {
        count = 0;
        next = 0;
        if (!MayMatch(lowered))
            return false;

        return _type == PatternType.Pcre2
            ? _pcre2!.TryMatch(raw, captures, out count, out next)
            : _osRegex!.TryMatch(lowered, captures, out count, out next);
    }

    // Where the log was searched for literals there is nothing to add.
    private bool MayMatch(ReadOnlySpan<byte> lowered)
    {
        if (Literals.Length > 0 || _required.Length == 0)
            return true;

        foreach (var text in _required)
        {
            if (lowered.IndexOf(text) >= 0)
                return true;
        }

        return false;
    }
}
