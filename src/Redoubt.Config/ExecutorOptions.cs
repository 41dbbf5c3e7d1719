namespace Redoubt.Config;

/// <summary>What an <c>&lt;active-response&gt;</c> section says to the host that executes.</summary>
public sealed record ExecutorOptions
{
    /// <summary>Default no; yes only from a section that holds nothing but executor settings.</summary>
    public bool Disabled { get; init; }

    /// <summary>Minutes for the second, third … offence; at most five; empty: every offence gets the response's own timeout.</summary>
    public IReadOnlyList<int> RepeatedOffendersMinutes { get; init; } = [];
}
