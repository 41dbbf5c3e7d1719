using Redoubt.Model;

namespace Redoubt.Config;

/// <summary>What an <c>&lt;active-response&gt;</c> section says to the host that executes.</summary>
public sealed record ExecutorOptions
{
    /// <summary>Default no; yes only from a section that holds nothing but executor settings.</summary>
    public bool Disabled { get; init; }

    /// <summary>This host's own ladder; default none.</summary>
    public OffenderLadder Ladder { get; init; } = OffenderLadder.None;
}
