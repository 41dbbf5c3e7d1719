namespace Redoubt.Config;

/// <summary>The <c>&lt;client&gt;</c> section.</summary>
public sealed record ClientOptions
{
    /// <summary>What <c>agent.conf</c>'s attribute <c>profile</c> is compared with; default empty.</summary>
    public string ConfigProfile { get; init; } = string.Empty;
}
