using System.Diagnostics.CodeAnalysis;

namespace Redoubt.Patterns;

/// <summary>What one thread needs to run PCRE2 patterns: result offsets, limits, a stack for compiled code.</summary>
/// <remarks>One per thread, made at its first match, freed when the thread is gone.</remarks>
[SuppressMessage("Design", "CA1001", Justification = "It lives as long as its thread; the handles free themselves.")]
internal sealed unsafe class Pcre2Workspace
{
    /// <summary>Groups that a match can report; decoders have at most 1,024 fields.</summary>
    public const int MaxPairs = 1_025;

    // Steps of backtracking allowed for one match. The dearest of the 533 patterns of the shipped Wazuh rules needs under
    // 20,000 on its own test lines; a pattern that needs more than this on one line is a denial of service.
    private const uint MatchLimit = 200_000;
    private const uint DepthLimit = 50_000;
    private const int JitStackStart = 64 * 1024;
    private const int JitStackMax = 1024 * 1024;

    [ThreadStatic]
    private static Pcre2Workspace? s_current;

    private readonly Pcre2Handle _matchData = new(Pcre2Native.CreateMatchData(MaxPairs, 0), Pcre2Native.FreeMatchData);
    private readonly Pcre2Handle _context = new(Pcre2Native.CreateMatchContext(0), Pcre2Native.FreeMatchContext);
    private readonly Pcre2Handle _jitStack = new(Pcre2Native.CreateJitStack(JitStackStart, JitStackMax, 0), Pcre2Native.FreeJitStack);

    private Pcre2Workspace()
    {
        if (_matchData.IsInvalid || _context.IsInvalid || _jitStack.IsInvalid)
            throw new InvalidOperationException("PCRE2 could not get its working memory.");

        _ = Pcre2Native.SetMatchLimit(_context.Pointer, MatchLimit);
        _ = Pcre2Native.SetDepthLimit(_context.Pointer, DepthLimit);
        Pcre2Native.AssignJitStack(_context.Pointer, 0, _jitStack.Pointer);
        Offsets = Pcre2Native.GetOffsets(_matchData.Pointer);
    }

    /// <summary>The calling thread's own.</summary>
    public static Pcre2Workspace Current => s_current ??= new Pcre2Workspace();

    public nint MatchData => _matchData.Pointer;

    public nint Context => _context.Pointer;

    /// <summary>Pairs of start and end, valid until this thread's next match.</summary>
    public nuint* Offsets { get; }
}
