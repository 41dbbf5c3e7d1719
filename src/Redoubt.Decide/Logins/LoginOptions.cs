namespace Redoubt.Decide;

/// <summary>What successful logins protect.</summary>
public sealed record LoginOptions
{
    /// <summary>How long a login makes its source one of the good ones.</summary>
    public static readonly TimeSpan Remembered = TimeSpan.FromDays(30);

    /// <summary>So many sources of logins may be blocked whatever the share: of a handful of users a tenth is nobody, the guessed account included.</summary>
    public const int AlwaysAllowed = 5;

    /// <summary><c>&lt;protect_recent_logins&gt;</c>: days, 0 to 365; default 0 = off. A rule's block of an address with a login by key within them is
    /// only observed.</summary>
    public int ProtectDays { get; init; }

    /// <summary>Since when a login by key protects its address, Unix milliseconds; null: none does.</summary>
    /// <param name="now">Unix milliseconds.</param>
    public long? ProtectedSince(long now) => ProtectDays > 0 ? now - (long)TimeSpan.FromDays(ProtectDays).TotalMilliseconds : null;

    /// <summary><c>&lt;block_budget_logins&gt;</c>: percent, 0 to 100, of the sources with a login within 30 days that rules may have blocked at a time,
    /// on each host and over the fleet; <see cref="AlwaysAllowed"/> are always allowed. Default 10; 100 = no limit.</summary>
    public int BlockedPercent { get; init; } = 10;
}
