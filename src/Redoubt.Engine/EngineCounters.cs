namespace Redoubt.Engine;

/// <summary>What an engine has done since it was made; a snapshot.</summary>
/// <remarks><c>Received = Alerted + Quiet + Unmatched</c>, always.</remarks>
public sealed record EngineCounters
{
    /// <summary>Lines given to <see cref="AnalysisEngine.Analyse"/>.</summary>
    public long Received { get; init; }

    /// <summary>Lines that no decoder fits; rules without <c>decoded_as</c> still see them.</summary>
    public long Undecoded { get; init; }

    /// <summary>Lines that no rule matched.</summary>
    public long Unmatched { get; init; }

    /// <summary>Lines whose rule makes no alert: level too low, or told to be quiet.</summary>
    public long Quiet { get; init; }

    /// <summary>Lines whose rule was quiet because of <c>ignore</c>; a parent rule may have alerted instead.</summary>
    public long Muted { get; init; }

    /// <summary>Alerts.</summary>
    public long Alerted { get; init; }

    /// <summary>Lines for which patterns had to be passed over because they would have cost too much.</summary>
    public long OverBudget { get; init; }

    /// <summary>Keys that windows remember now.</summary>
    public int WindowKeys { get; init; }

    /// <summary>Events that windows remember now.</summary>
    public int RememberedEvents { get; init; }

    /// <summary>Keys and mutes dropped early because a limit was reached.</summary>
    public long Evictions { get; init; }

    /// <summary>Lines missing from <c>previous_output</c> because the ring of lines was too small.</summary>
    public long MissingPreviousLines { get; init; }
}
