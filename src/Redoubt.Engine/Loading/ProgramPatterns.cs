using Redoubt.Engine.Match;

namespace Redoubt.Engine.Loading;

/// <summary>Collects the patterns that rules have on program names, and lets the rules ask for their answers by number.</summary>
internal static class ProgramPatterns
{
    public static TextPattern[] Collect(IEnumerable<Rule> rules)
    {
        var patterns = new List<TextPattern>();
        foreach (var rule in rules)
            rule.Conditions = Array.ConvertAll(rule.Conditions, condition => ByNumber(condition, patterns));

        return [.. patterns];
    }

    private static Condition ByNumber(Condition condition, List<TextPattern> patterns)
    {
        if (condition is not TextCondition { Part.Kind: EventPartKind.ProgramName } text)
            return condition;

        patterns.Add(text.Pattern);
        return new ProgramCondition
        {
            Option = text.Option,
            Number = patterns.Count - 1,
            IsNegated = text.IsNegated,
        };
    }
}
