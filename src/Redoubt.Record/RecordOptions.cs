namespace Redoubt.Record;

/// <summary>Which records are written, and how.</summary>
public sealed record RecordOptions
{
    /// <summary>The <c>logs</c> folder.</summary>
    public required string Folder { get; init; }

    /// <summary>Default yes: alerts.json.</summary>
    public bool JsonOutput { get; init; } = true;

    /// <summary>Default yes: alerts.log.</summary>
    public bool AlertsLog { get; init; } = true;

    /// <summary>Default no: archives.log.</summary>
    public bool LogAll { get; init; }

    /// <summary>Default no: archives.json.</summary>
    public bool LogAllJson { get; init; }

    /// <summary>Lowest level that is mailed; <c>mail</c> in the records says so.</summary>
    public int MailLevel { get; init; } = 7;

    /// <summary>Default yes: a day that is over is compressed.</summary>
    public bool Compress { get; init; } = true;

    /// <summary>Days to keep beside today; default 0: all.</summary>
    public int KeepDays { get; init; }

    /// <summary>Bytes to keep in all families together; default 0: all.</summary>
    public long KeepBytes { get; init; }

    /// <summary>The manager's host name.</summary>
    public required string ManagerName { get; init; }
}
