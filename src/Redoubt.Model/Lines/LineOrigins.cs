namespace Redoubt.Model;

/// <summary>What follows from a <see cref="LineOrigin"/>.</summary>
public static class LineOrigins
{
    /// <summary>Whether somebody without rights on the host can have written it: such lines are counted apart, so that they never
    /// add up with lines of daemons, in neither direction.</summary>
    public static bool IsClaimed(this LineOrigin origin) => origin is LineOrigin.Network or LineOrigin.Unprivileged or LineOrigin.Forged;

    /// <summary>The word that records and documents use; null for <see cref="LineOrigin.Relayed"/>, which is the rule.</summary>
    public static string? Name(this LineOrigin origin) =>
        origin switch
        {
            LineOrigin.Network => "network",
            LineOrigin.Verified => "verified",
            LineOrigin.Unprivileged => "unprivileged",
            LineOrigin.Forged => "forged",
            _ => null,
        };
}
