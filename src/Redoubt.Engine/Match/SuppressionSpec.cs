namespace Redoubt.Engine.Match;

/// <summary>Fields whose values the options <c>ignore</c> and <c>check_if_ignored</c> write and look up.</summary>
/// <param name="HasName">The decoder's name.</param>
/// <param name="Parts">Fields, in the order written.</param>
internal sealed record SuppressionSpec(bool HasName, EventPart[] Parts);
