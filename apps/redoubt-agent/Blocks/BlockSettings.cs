using Redoubt.Model;
using Redoubt.Respond;

namespace Redoubt.Agent.Blocks;

/// <summary>What the host's configuration says about responses.</summary>
internal sealed record BlockSettings
{
    /// <summary>Longer blocks for repeated offenders.</summary>
    public OffenderLadder Ladder { get; init; } = OffenderLadder.None;

    /// <summary>The executor is switched off.</summary>
    public bool ResponsesDisabled { get; init; }

    /// <summary>Form of the response log.</summary>
    public ResponseLogForm LogForm { get; init; }

    /// <summary>The manager's white list: checked once more for blocks that it counts for.</summary>
    public IReadOnlyList<BlockTarget> Allowed { get; init; } = [];

    /// <summary>Managers: never to be blocked.</summary>
    public IReadOnlyList<string> Protected { get; init; } = [];
}
