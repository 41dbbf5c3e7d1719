using Redoubt.Respond;

namespace Redoubt.Agent.Blocks;

/// <summary>What the host's configuration says about responses.</summary>
internal sealed record BlockSettings
{
    /// <summary>The ladder, in minutes.</summary>
    public IReadOnlyList<int> RepeatedOffendersMinutes { get; init; } = [];

    /// <summary>The executor is switched off.</summary>
    public bool ResponsesDisabled { get; init; }

    /// <summary>Form of the response log.</summary>
    public ResponseLogForm LogForm { get; init; }

    /// <summary>Managers: never to be blocked.</summary>
    public IReadOnlyList<string> Protected { get; init; } = [];
}
