using System.Globalization;

namespace Redoubt.Collect;

/// <summary>The journal of systemd to follow. Entries that match any of the three lists are read; all if all lists are empty.</summary>
/// <remarks>The journal keeps what a program says about itself (<c>SYSLOG_IDENTIFIER</c>) as it was said: any local user can call
/// himself <c>sshd</c>. <see cref="Units"/> is filled in by the journal and cannot be claimed.</remarks>
public sealed record JournaldSourceOptions : SourceOptions
{
    /// <summary>A folder with journal files instead of this host's journal; default null.</summary>
    public string? Folder { get; init; }

    /// <summary>Units by their full names (<c>ssh.service</c>); default none.</summary>
    public IReadOnlyList<string> Units { get; init; } = [];

    /// <summary>Identifiers (<c>sshd</c>); default none.</summary>
    public IReadOnlyList<string> Identifiers { get; init; } = [];

    /// <summary>Syslog facilities, 0 to 23; 4 and 10 are those of <c>auth.log</c>. Default none.</summary>
    public IReadOnlyList<int> Facilities { get; init; } = [];

    /// <summary>The matches in the form <c>FIELD=value</c>, grouped by field.</summary>
    internal IEnumerable<IEnumerable<string>> Matches =>
        new[]
        {
            Units.Select(unit => "_SYSTEMD_UNIT=" + unit),
            Identifiers.Select(identifier => "SYSLOG_IDENTIFIER=" + identifier),
            Facilities.Select(facility => string.Create(CultureInfo.InvariantCulture, $"SYSLOG_FACILITY={facility}")),
        }.Where(group => group.Any());

    internal override string Key =>
        $"journald:{Folder}:{string.Join(' ', Matches.SelectMany(group => group).Order(StringComparer.Ordinal))}";
}
