namespace Redoubt.App.Replay;

/// <summary>What a replay found.</summary>
internal sealed class ReplaySummary
{
    internal long Lines { get; set; }

    internal long Bytes { get; set; }

    internal long Decoded { get; set; }

    internal long Matched { get; set; }

    internal long Alerts { get; set; }

    /// <summary>Lines that were cut because they are too long.</summary>
    internal long Truncated { get; set; }

    /// <summary>Logged time of the first line that tells one, Unix milliseconds; null for none.</summary>
    internal long? First { get; set; }

    /// <summary>The latest logged time.</summary>
    internal long Last { get; set; }

    /// <summary>Whole seconds from the first logged time to the last.</summary>
    internal long Seconds => First is { } first ? (Last - first) / 1000 : 0;

    /// <summary>Alerts by rule.</summary>
    internal Dictionary<int, long> AlertsByRule { get; } = [];

    /// <summary>The rules of alerts, Redoubt's own ones too.</summary>
    internal Dictionary<int, Model.RuleSummary> Rules { get; } = [];

    /// <summary>What responses would have done.</summary>
    internal ResponseTally Responses { get; } = new();
}
