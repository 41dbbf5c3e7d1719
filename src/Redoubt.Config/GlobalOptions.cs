using Redoubt.Model;

namespace Redoubt.Config;

/// <summary>The <c>&lt;global&gt;</c> and <c>&lt;alerts&gt;</c> sections.</summary>
public sealed record GlobalOptions
{
    /// <summary>Default yes: alerts.json is written.</summary>
    public bool JsonOutput { get; init; } = true;

    /// <summary>Default yes: alerts.log is written.</summary>
    public bool AlertsLog { get; init; } = true;

    /// <summary>Default no: every line goes to archives.log.</summary>
    public bool LogAll { get; init; }

    /// <summary>Default no: every line goes to archives.json.</summary>
    public bool LogAllJson { get; init; }

    /// <summary>Default yes: a day of records that is over is compressed.</summary>
    public bool CompressRecords { get; init; } = true;

    /// <summary>0 to 36500 days of records beside today, default 0: all.</summary>
    public int RecordsKeepDays { get; init; }

    /// <summary><c>records_keep_size</c>: bytes of records, 1 MiB to 1 PiB; default 0: all.</summary>
    public long RecordsKeepBytes { get; init; }

    /// <summary>0 to 36500 days of alerts that can be searched, default 90; 0: no index is kept.</summary>
    public int AlertIndexDays { get; init; } = 90;

    /// <summary><c>alert_index_size</c>: bytes of the index of alerts, 16 MiB to 1 TiB; default 1 GiB.</summary>
    public long AlertIndexBytes { get; init; } = 1L << 30;

    /// <summary>Default no.</summary>
    public bool EmailNotification { get; init; }

    /// <summary>0 to 16, default 1: lowest level that is written.</summary>
    public int LogAlertLevel { get; init; } = 1;

    /// <summary>0 to 16, default 7: lowest level that is mailed.</summary>
    public int EmailAlertLevel { get; init; } = 7;

    /// <summary>Default enforce; observe overrides every response.</summary>
    public ResponseMode Mode { get; init; }

    /// <summary>Default best; strict reproduces the original's deviations.</summary>
    public bool StrictCompatibility { get; init; }

    /// <summary>Events remembered, default 8192, at least 2048; honoured in strict compatibility.</summary>
    public int MemorySize { get; init; } = 8192;

    /// <summary><c>spool_size</c>: bytes on disk for what cannot be read again (lines from the network at the manager, output of a command at an
    /// agent), 1 MiB to 1 TiB; default 64 MiB.</summary>
    public long SpoolBytes { get; init; } = 64L << 20;

    /// <summary>Default json.</summary>
    public ResponseLogChoice ResponseLog { get; init; }

    /// <summary>Silence after which an agent counts as disconnected; default 900 s, at least 1 s.</summary>
    public TimeSpan AgentsDisconnectionTime { get; init; } = TimeSpan.FromSeconds(900);
}
