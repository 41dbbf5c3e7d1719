namespace Redoubt.Engine;

/// <summary>What an engine needs to know besides its ruleset.</summary>
public sealed record EngineOptions
{
    /// <summary>Level from which a rule makes an alert. Default 1; Wazuh's template says 3. Range 1 to 16.</summary>
    public int LogAlertLevel { get; init; } = 1;

    /// <summary>Level from which an alert asks for mail. Default 7; Wazuh's template says 12. Range 1 to 16.</summary>
    public int MailAlertLevel { get; init; } = 7;

    /// <summary>Events that all composite rules together remember, in strict compatibility only. Default 8192, minimum 2048.</summary>
    public int MemorySize { get; init; } = 8_192;

    /// <summary>Keys (sources, users …) that one window remembers; the one unused for longest is dropped and counted. Default 1,000,000.</summary>
    public int MaxKeysPerWindow { get; init; } = 1_000_000;

    /// <summary>Bytes of earlier lines kept for <c>previous_output</c>. Default 64 MiB, allocated as needed.</summary>
    public long MaxRememberedLineBytes { get; init; } = 64L << 20;

    /// <summary>Our own host name: what rules see for lines of this host whose header has none.</summary>
    public string HostName { get; init; } = "localhost";

    /// <summary>Where <c>time</c> and <c>weekday</c> rules live. Default UTC.</summary>
    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>Answer as a log tester does: a rule that is quiet because of <c>ignore</c> is still shown, without alert.</summary>
    public bool TesterMode { get; init; }

    /// <summary>16 secret bytes under which windows keep their keys, or null for random ones. Results never depend on it.</summary>
    public byte[]? Secret { get; init; }
}
