namespace Redoubt.Model;

/// <summary>A rule matched: everything the records, the decision and the person on call need.</summary>
/// <remarks>Immutable snapshot, made once per alert (never for lines without one). Source of the shapes:
/// active-response.md section 6. <see cref="Id"/> is given by the record stage before anyone sees the alert.</remarks>
public sealed record Alert
{
    /// <summary><c>EPOCH.OFFSET</c>; empty until the record stage assigned it.</summary>
    public string Id { get; init; } = string.Empty;

    /// <summary>Arrival, Unix time in milliseconds.</summary>
    public required long ArrivalUnixMilliseconds { get; init; }

    /// <summary>The rule; null in archive records of lines that no rule matched.</summary>
    public required RuleSummary? Rule { get; init; }

    /// <summary>Description with fields filled in.</summary>
    public string Description { get; init; } = string.Empty;

    /// <summary>Times this rule was the final one, this time included.</summary>
    public int FiredTimes { get; init; }

    /// <summary>Who sent the line.</summary>
    public required AgentIdentity Agent { get; init; }

    /// <summary>Source as configured.</summary>
    public required string Location { get; init; }

    /// <summary>The line as received.</summary>
    public required byte[] FullLog { get; init; }

    /// <summary>Header timestamp as text, or null.</summary>
    public string? Timestamp { get; init; }

    /// <summary>Header host name as JSON output shows it (rule-engine.md 1.3, last paragraph), or null.</summary>
    public string? Hostname { get; init; }

    /// <summary>Program name, or null.</summary>
    public string? ProgramName { get; init; }

    /// <summary>Decoder name, or null when no decoder matched.</summary>
    public string? Decoder { get; init; }

    /// <summary>Parent decoder, or null.</summary>
    public string? DecoderParent { get; init; }

    /// <summary>The decoder's <c>ftscomment</c>, or null.</summary>
    public string? FtsComment { get; init; }

    /// <summary>Whether the decoder accumulates.</summary>
    public bool Accumulates { get; init; }

    /// <summary>Fields in the order of <c>data</c> in alerts.json: static ones in their fixed order, then dynamic ones.</summary>
    public IReadOnlyList<AlertField> Fields { get; init; } = [];

    /// <summary>Correlated earlier lines, newest first, at most 11.</summary>
    public IReadOnlyList<byte[]> PreviousLines { get; init; } = [];

    /// <summary>Earlier text of a <c>check_diff</c> rule, or null.</summary>
    public byte[]? PreviousLog { get; init; }

    /// <summary>Why no response may act on this event (two readings of the line name different sources), or null.</summary>
    public string? Suspicion { get; init; }

    /// <summary>Where the line that made it came from; default a file or journal of the host.</summary>
    public LineOrigin Origin { get; init; }

    /// <summary>The first field with that name, or null. Names compare without case.</summary>
    public AlertField? Field(string name)
    {
        foreach (var field in Fields)
        {
            if (string.Equals(field.Name, name, StringComparison.OrdinalIgnoreCase))
                return field;
        }

        return null;
    }

    /// <summary>The field of exactly this name, or null: a field <c>SrcIP</c> that some program logs is that program's, and no source.</summary>
    public AlertField? ExactField(string name) => Fields.FirstOrDefault(f => string.Equals(f.Name, name, StringComparison.Ordinal));
}
