using Redoubt.Model;

namespace Redoubt.Decide;

/// <summary>What the configuration says about responses.</summary>
public sealed record DecideOptions
{
    /// <summary>Sections in file order; all that are bound to a rule run.</summary>
    public IReadOnlyList<ActiveResponseOptions> Responses { get; init; } = [];

    /// <summary>Never to be blocked.</summary>
    public Allowlist Allowlist { get; init; } = Allowlist.Empty;

    /// <summary>How much may be blocked before it is only observed.</summary>
    public BudgetOptions Budget { get; init; } = new();

    /// <summary>What successful logins protect.</summary>
    public LoginOptions Logins { get; init; } = new();

    /// <summary>The manager's own ladder, for every host; a host's own one may make a block longer. Default none.</summary>
    public OffenderLadder Ladder { get; init; } = OffenderLadder.None;

    /// <summary>Default enforce; observe here overrides every section.</summary>
    public ResponseMode Mode { get; init; }
}
