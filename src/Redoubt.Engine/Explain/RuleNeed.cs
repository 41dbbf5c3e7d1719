namespace Redoubt.Engine.Explain;

/// <summary>One condition of a rule.</summary>
/// <param name="Option">The option's name in rule files.</param>
/// <param name="Words">What it wants, in words.</param>
public sealed record RuleNeed(string Option, string Words);
