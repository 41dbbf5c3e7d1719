using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Redoubt.Patterns;

/// <summary>A pattern of type <c>pcre2</c>, run by the system's PCRE2 library on bytes.</summary>
/// <remarks>
/// No options: case-sensitive, not UTF, <c>.</c> is not a newline, first match anywhere. Machine code is made at the first
/// match, so loading 500 patterns stays fast. Match and depth limits bound every call: a pattern over the limit does not match
/// and is counted in <see cref="LimitHits"/>. Allocates nothing when matching. Threads: safe; each has its own match data.
/// Source: rule-engine.md 5.4; library manual pcre2api(3).
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "Patterns are shared by rulesets of unknown lifetime; the handle frees itself.")]
public sealed unsafe class Pcre2Pattern
{
    private readonly Lock _compiling = new();
    private readonly Pcre2Handle _code;
    private long _limitHits;
    private volatile bool _isPrepared;

    private Pcre2Pattern(nint code, int captures, bool mayReadAgain, byte[][] requiredTexts)
    {
        MayReadAgain = mayReadAgain;
        RequiredTexts = requiredTexts;
        _code = new Pcre2Handle(code, Pcre2Native.FreeCode);
        MaxCaptures = captures;
    }

    /// <summary>Groups in the pattern.</summary>
    public int MaxCaptures { get; }

    /// <summary>Whether a search may read the rest of a text again from many of its places: what the match limit does not bound.</summary>
    public bool MayReadAgain { get; }

    /// <summary>Lower-case texts of which one stands, in any case, in every text that matches; empty when nothing is known.</summary>
    public IReadOnlyList<byte[]> RequiredTexts { get; }

    /// <summary>Matches given up because a limit was reached, since the pattern was made.</summary>
    public long LimitHits => Interlocked.Read(ref _limitHits);

    /// <summary>Compiles a pattern.</summary>
    /// <param name="pattern">Its bytes, as they stand in the file.</param>
    /// <param name="problem">Why it is refused, or null.</param>
    /// <exception cref="DllNotFoundException">The library is not installed.</exception>
    public static Pcre2Pattern? Parse(ReadOnlySpan<byte> pattern, out string? problem)
    {
        var guarded = Pcre2LeadingRun.Guard(pattern, out var guardedAt, out var added);
        nint code;
        int error;
        nuint offset;
        fixed (byte* start = guarded)
        {
            // An empty span has no address, and PCRE2 refuses a null pattern before version 10.43.
            byte nothing = 0;
            code = Pcre2Native.Compile(start is null ? &nothing : start, (nuint)guarded.Length, 0, out error, out offset, 0);
        }

        if (code == 0)
        {
            var place = (int)offset > guardedAt ? Math.Max(guardedAt, (int)offset - added) : (int)offset;
            problem = $"{DescribeError(error)} (at byte {place} of the pattern).";
            return null;
        }

        uint captures = 0;
        _ = Pcre2Native.PatternInfo(code, Pcre2Native.InfoCaptureCount, &captures);
        problem = null;
        return new Pcre2Pattern(code, (int)captures, added == 0 && !Pcre2LeadingRun.IsAnchored(pattern), Pcre2Literals.Required(pattern));
    }

    /// <summary>Whether the pattern matches anywhere in the text.</summary>
    public bool IsMatch(ReadOnlySpan<byte> text) => Run(text) >= 0;

    /// <summary>The same, and the offset behind the match.</summary>
    public bool TryFindEnd(ReadOnlySpan<byte> text, out int next) => TryMatch(text, [], out _, out next);

    /// <summary>Whether the pattern matches, with its groups.</summary>
    /// <param name="text">What to search.</param>
    /// <param name="captures">Filled from the start with the groups up to the highest that took part; one that took no part before
    /// it is <see cref="Capture.None"/>. Those that do not fit are dropped.</param>
    /// <param name="count">How many were filled.</param>
    /// <param name="next">Offset behind the match.</param>
    public bool TryMatch(ReadOnlySpan<byte> text, Span<Capture> captures, out int count, out int next)
    {
        count = 0;
        next = 0;
        var pairs = Run(text);
        if (pairs < 0)
            return false;

        var offsets = Pcre2Workspace.Current.Offsets;

        // 0 says: more groups than the offsets hold; all of them are filled then.
        var groups = (pairs == 0 ? Pcre2Workspace.MaxPairs : pairs) - 1;
        next = (int)offsets[1];
        count = Math.Min(groups, captures.Length);
        for (var i = 0; i < count; i++)
        {
            var (start, end) = (offsets[(2 * i) + 2], offsets[(2 * i) + 3]);
            captures[i] = start == Pcre2Native.Unset || end < start ? Capture.None : new Capture((int)start, (int)(end - start));
        }

        return true;
    }

    // The number of pairs, or negative for "no match".
    private int Run(ReadOnlySpan<byte> text)
    {
        if (!_isPrepared)
            Prepare();

        var workspace = Pcre2Workspace.Current;
        int result;
        fixed (byte* start = text)
        {
            byte nothing = 0;
            result = Pcre2Native.Match(
                _code.Pointer,
                start is null ? &nothing : start,
                (nuint)text.Length,
                0,
                0,
                workspace.MatchData,
                workspace.Context
            );
        }

        GC.KeepAlive(_code);
        if (
            result
            is Pcre2Native.ErrorMatchLimit
                or Pcre2Native.ErrorDepthLimit
                or Pcre2Native.ErrorHeapLimit
                or Pcre2Native.ErrorJitStackLimit
        )
            Interlocked.Increment(ref _limitHits);

        return result;
    }

    // A pattern that the library cannot turn into machine code (none of the shipped ones) is interpreted: slower, same answers.
    private void Prepare()
    {
        lock (_compiling)
        {
            if (_isPrepared)
                return;

            _ = Pcre2Native.JitCompile(_code.Pointer, Pcre2Native.JitComplete);
            _isPrepared = true;
        }
    }

    private static string DescribeError(int error)
    {
        Span<byte> buffer = stackalloc byte[256];
        fixed (byte* start = buffer)
        {
            var length = Pcre2Native.GetErrorMessage(error, start, (nuint)buffer.Length);
            return length > 0 ? Encoding.ASCII.GetString(buffer[..length]) : $"PCRE2 error {error}";
        }
    }
}
