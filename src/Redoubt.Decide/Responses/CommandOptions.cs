namespace Redoubt.Decide;

/// <summary>A <c>&lt;command&gt;</c> section.</summary>
public sealed record CommandOptions
{
    /// <summary>Required; compared byte-wise; never starts with <c>!</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Required; one file below <c>active-response/bin</c>, never split into words.</summary>
    public required string Executable { get; init; }

    /// <summary>Default no; without it a timeout is taken as 0.</summary>
    public bool TimeoutAllowed { get; init; }

    /// <summary>Default none; split at single blanks, at most 2047 characters.</summary>
    public IReadOnlyList<string> ExtraArguments { get; init; } = [];
}
