namespace Redoubt.Config;

/// <summary>A <c>&lt;filter&gt;</c> of a journald source.</summary>
/// <param name="Field">Name of the journal's field.</param>
/// <param name="Pattern">PCRE2 pattern of its value.</param>
/// <param name="IgnoreIfMissing">Whether entries without the field pass.</param>
public sealed record JournalFilterOptions(string Field, string Pattern, bool IgnoreIfMissing);
