using Redoubt.Patterns;

namespace Redoubt.Collect;

/// <summary><c>multiline_regex</c>.</summary>
/// <param name="Pattern">PCRE2.</param>
/// <param name="Match">Default start.</param>
/// <param name="Separator">What takes the place of a newline between two lines; default the newline itself.</param>
/// <param name="Timeout">How long a record waits for its end; default 5 s, at most 120 s.</param>
public sealed record MultilineOptions(Pcre2Pattern Pattern, MultilineMatch Match, byte[] Separator, TimeSpan Timeout);
