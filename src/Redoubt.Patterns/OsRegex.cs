namespace Redoubt.Patterns;

/// <summary>A compiled pattern of the osregex dialect, answered exactly as the original library answers.</summary>
/// <remarks>
/// Byte-wise; case-insensitive for ASCII letters. Cost: a pass or a few over the text, whatever the pattern; it cannot blow up.
/// Allocates nothing when matching. Threads: safe (immutable). Source: rule-engine.md 5.1 (docs/compat/patterns.md).
/// </remarks>
public sealed class OsRegex
{
    /// <summary>Longest pattern accepted, in bytes.</summary>
    public const int MaxBytes = 20_480;

    private const int MarksOnStack = 128;

    private readonly OsRegexAlternative[] _alternatives;

    private OsRegex(OsRegexAlternative[] alternatives)
    {
        _alternatives = alternatives;
        foreach (var alternative in alternatives)
            MaxCaptures = Math.Max(MaxCaptures, alternative.Marks / 2);

        RequiredTexts = OsRegexLiterals.Required(alternatives);
    }

    /// <summary>Most groups that one alternative has.</summary>
    public int MaxCaptures { get; }

    /// <summary>Lower-case texts of which one must stand in every text that matches; empty when there is no such condition.</summary>
    public IReadOnlyList<byte[]> RequiredTexts { get; }

    /// <summary>The texts when every alternative is <c>^text$</c> without classes, else null. Lets a caller index patterns by text.</summary>
    public IReadOnlyList<byte[]>? ExactTexts => OsRegexLiterals.Exact(_alternatives);

    /// <summary>Reads a pattern.</summary>
    /// <param name="pattern">Its bytes, as they stand in the file.</param>
    /// <param name="problem">Why it is refused, or null.</param>
    public static OsRegex? Parse(ReadOnlySpan<byte> pattern, out string? problem)
    {
        if (pattern.Length > MaxBytes)
        {
            problem = $"The pattern is longer than {MaxBytes} bytes.";
            return null;
        }

        return OsRegexParser.Parse(pattern, out problem) is { } alternatives ? new OsRegex(alternatives) : null;
    }

    /// <summary>Whether a text that begins with this byte may match at all. Lets a caller index patterns by first byte.</summary>
    public bool MayBeginWith(byte first) => Array.Exists(_alternatives, a => a.MayBeginWith(first));

    /// <summary>Whether the text matches, as rules and prematches ask: without captures.</summary>
    public bool IsMatch(ReadOnlySpan<byte> text) => TryFindEnd(text, out _);

    /// <summary>The same, and where a search behind this match goes on.</summary>
    /// <param name="text">What to search.</param>
    /// <param name="next">Offset behind the last matched byte as the original reports it, which is one too far when
    /// the pattern ends in a quantified class; at most the text's length.</param>
    public bool TryFindEnd(ReadOnlySpan<byte> text, out int next)
    {
        Span<int> buffer = stackalloc int[MarksOnStack];
        foreach (var alternative in _alternatives)
        {
            if (!alternative.MayMatch(text))
                continue;

            var marks = alternative.Marks <= MarksOnStack ? buffer[..alternative.Marks] : new int[alternative.Marks];
            var machine = new OsRegexMachine(alternative, text, marks);
            if (machine.Run(wantCaptures: false))
            {
                next = Math.Min(machine.End + 1, text.Length);
                return true;
            }
        }

        next = 0;
        return false;
    }

    /// <summary>Whether the text matches, as a decoder's <c>regex</c> asks: with captures.</summary>
    /// <param name="text">What to search.</param>
    /// <param name="captures">Filled from the start with the groups of the alternative that won; those that do not fit are dropped.</param>
    /// <param name="count">How many were filled.</param>
    /// <param name="next">As in <see cref="TryFindEnd"/>.</param>
    public bool TryMatch(ReadOnlySpan<byte> text, Span<Capture> captures, out int count, out int next)
    {
        Span<int> buffer = stackalloc int[MarksOnStack];
        foreach (var alternative in _alternatives)
        {
            if (!alternative.MayMatch(text))
                continue;

            var marks = alternative.Marks <= MarksOnStack ? buffer[..alternative.Marks] : new int[alternative.Marks];
            var machine = new OsRegexMachine(alternative, text, marks);
            if (machine.Run(wantCaptures: alternative.Marks > 0))
            {
                count = CopyCaptures(marks, captures);
                next = Math.Min(machine.End + 1, text.Length);
                return true;
            }
        }

        count = 0;
        next = 0;
        return false;
    }

    private static int CopyCaptures(ReadOnlySpan<int> marks, Span<Capture> captures)
    {
        var count = 0;
        for (var i = 0; i + 1 < marks.Length && count < captures.Length; i += 2)
        {
            if (marks[i] < 0 || marks[i + 1] < 0)
                break;

            // A machine that came back may have noted the closing parenthesis before the opening one.
            captures[count++] = new Capture(marks[i], Math.Max(0, marks[i + 1] - marks[i]));
        }

        return count;
    }
}
