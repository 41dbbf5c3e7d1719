using Redoubt.Model;

namespace Redoubt.Decide;

/// <summary>Whether a response may act on a line of some origin.</summary>
internal static class OriginCheck
{
    /// <summary>Why not, and what would change that; null: it may.</summary>
    internal static string? Refusal(LineOrigin origin, RequiredOrigin required) =>
        (origin, required) switch
        {
            (LineOrigin.Forged, _) => "the line was forged",
            (LineOrigin.Verified, _) or (_, RequiredOrigin.Any) or (LineOrigin.Relayed, RequiredOrigin.Relayed) => null,
            (LineOrigin.Network, _) => "the line came over the network (<require_origin>any</require_origin> would act on it)",
            (LineOrigin.Unprivileged, _) =>
                "the line was written by an ordinary account (<require_origin>any</require_origin> would act on it)",
            _ => "nothing verifies who wrote the line (<require_origin>relayed</require_origin> would act on it)",
        };
}
