namespace Redoubt.Respond;

/// <summary>One response that was carried out, or was not, as the log tells it.</summary>
internal sealed record ResponseEntry
{
    /// <summary>What was done or tried.</summary>
    public required ResponseAction Action { get; init; }

    /// <summary>Why it was not done; null when it was.</summary>
    public string? Error { get; init; }

    /// <summary>Name of the response program.</summary>
    public required string Program { get; init; }

    /// <summary>The target, canonical.</summary>
    public required string Target { get; init; }

    /// <summary>The user; null or empty for none.</summary>
    public string? User { get; init; }

    /// <summary>Whether the response has a key, so that its exchange with the executor is shown.</summary>
    public bool HasKeys { get; init; } = true;

    /// <summary>Only the result is written: the program of the host's owner writes the other lines itself.</summary>
    public bool IsResultOnly { get; init; }

    /// <summary>Exit code of the program; null when none ran or ended by itself.</summary>
    public int? ExitCode { get; init; }

    /// <summary>End of the program's standard error.</summary>
    public string? ErrorText { get; init; }

    /// <summary>Whether it was ended because its time was over.</summary>
    public bool HasTimedOut { get; init; }

    /// <summary>The alert as JSON text that has been checked; null for none.</summary>
    public string? AlertDocument { get; init; }

    /// <summary>Id of the alert; null for none.</summary>
    public string? AlertId { get; init; }

    /// <summary>Id of the rule; 0 for none.</summary>
    public int RuleId { get; init; }

    /// <summary>Extra arguments of the command.</summary>
    public IReadOnlyList<string> ExtraArguments { get; init; } = [];

    /// <summary>Name of the manager.</summary>
    public string OriginName { get; init; } = "";

    /// <summary>How long the kernel will hold the block; -1 permanent, 0 not.</summary>
    public long RemainingMilliseconds { get; init; }

    /// <summary>How long the change took.</summary>
    public TimeSpan Took { get; init; }

    /// <summary>The form of the lines.</summary>
    public ResponseLogForm Form { get; init; }
}
