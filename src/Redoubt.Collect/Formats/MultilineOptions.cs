using Redoubt.Patterns;

namespace Redoubt.Collect;

/// <summary>Which lines the pattern of <c>multiline_regex</c> fits.</summary>
public enum MultilineMatch
{
    /// <summary>The first of a record.</summary>
    Start,

    /// <summary>All of a record, joined.</summary>
    All,

    /// <summary>The last of a record.</summary>
    End,
}

/// <summary><c>multiline_regex</c>.</summary>
/// <param name="Pattern">PCRE2.</param>
/// <param name="Match">Default start.</param>
/// <param name="Separator">What takes the place of a newline between two lines; default the newline itself.</param>
/// <param name="Timeout">How long a record waits for its end; default 5 s, at most 120 s.</param>
public sealed record MultilineOptions(Pcre2Pattern Pattern, MultilineMatch Match, byte[] Separator, TimeSpan Timeout);
