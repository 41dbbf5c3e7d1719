namespace Redoubt.Collect;

/// <summary>The journal of systemd to follow.</summary>
/// <remarks>The journal keeps what a program says about itself (<c>SYSLOG_IDENTIFIER</c>) as it was said: any local user can call
/// himself <c>sshd</c>. Fields that begin with <c>_</c> are filled in by the journal and cannot be claimed.</remarks>
public sealed record JournaldSourceOptions : SourceOptions
{
    /// <summary>A folder with journal files instead of this host's journal; default null.</summary>
    public string? Folder { get; init; }

    /// <summary>Entries that fulfil every condition of one of the lists are read; all where there is no list, or an empty one.</summary>
    public IReadOnlyList<IReadOnlyList<JournalFilter>> Filters { get; init; } = [];

    internal override string Key => $"journald:{Folder}";

    internal bool Wants(Journald.Journal entry)
    {
        if (Filters.Count == 0)
            return true;

        foreach (var filters in Filters)
        {
            if (Fulfils(entry, filters))
                return true;
        }

        return false;
    }

    private static bool Fulfils(Journald.Journal entry, IReadOnlyList<JournalFilter> filters)
    {
        for (var i = 0; i < filters.Count; i++)
        {
            if (!(entry.TryGet(filters[i].FieldName, out var value) ? filters[i].Pattern.IsMatch(value) : filters[i].PassesWithout))
                return false;
        }

        return true;
    }
}
