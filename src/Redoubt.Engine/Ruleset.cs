using Redoubt.Engine.Correlate;
using Redoubt.Engine.Decode;
using Redoubt.Engine.Explain;
using Redoubt.Engine.Loading;
using Redoubt.Engine.Match;
using Redoubt.Model;
using Redoubt.Patterns;

namespace Redoubt.Engine;

/// <summary>Decoders, rules and lists, compiled.</summary>
/// <remarks>Immutable: any number of <see cref="AnalysisEngine"/>s and threads may use one. Cost of loading Wazuh's 4,512 rules: about
/// a second. Source: rule-engine.md 2 and 3.</remarks>
public sealed class Ruleset
{
    private readonly Dictionary<int, Rule> _byId;
    private readonly Lazy<IReadOnlyList<SourceProof>> _sources;
    private readonly Lazy<RuleDecoders> _ruleDecoders;

    internal Ruleset(RulesetParts parts)
    {
        Compatibility = parts.Compatibility;
        Decoders = parts.Decoders;
        Names = parts.Names;
        Roots = parts.Roots;
        AllRules = parts.Rules;
        Windows = parts.Windows;
        RegexFeeds = parts.RegexFeeds;
        Literals = parts.Literals;
        ProgramPatterns = parts.ProgramPatterns;
        _sources = new(() => SourceProof.OfAll(Decoders));
        _ruleDecoders = new(() => new RuleDecoders(Roots));
        _byId = AllRules.ToDictionary(rule => rule.Id);
        Rules = [.. AllRules.Select(rule => rule.Summary).OrderBy(summary => summary.Id)];
    }

    /// <summary>One summary per rule, by ascending id; always the same object for the same rule, so that callers may bind to it.</summary>
    public IReadOnlyList<RuleSummary> Rules { get; }

    /// <summary>Number of decoders, children included.</summary>
    public int DecoderCount => Decoders.Count;

    /// <summary>How closely the original's mistakes are kept.</summary>
    public Compatibility Compatibility { get; }

    internal DecoderTree Decoders { get; }

    internal FieldNames Names { get; }

    internal Rule[] Roots { get; }

    internal Rule[] AllRules { get; }

    internal WindowSpec[] Windows { get; }

    internal RegexFeed[] RegexFeeds { get; }

    /// <summary>The literals of all patterns on the log.</summary>
    internal LiteralSet Literals { get; }

    /// <summary>The patterns that rules have on program names.</summary>
    internal TextPattern[] ProgramPatterns { get; }

    /// <summary>Reads and compiles a ruleset.</summary>
    /// <param name="source">The files.</param>
    /// <param name="diagnostics">Receives everything that is wrong or doubtful, not just the first.</param>
    /// <returns>Null when there are errors.</returns>
    public static Ruleset? Load(RulesetSource source, DiagnosticBag diagnostics) => new RulesetLoader(source, diagnostics).Load();

    /// <summary>Everything about one rule; null when there is none of that id. Cost: linear in the rules.</summary>
    public RuleDetails? Describe(int id)
    {
        if (Find(id) is not { } rule)
            return null;

        var words = new ConditionWords(this);
        return new RuleDetails
        {
            Rule = rule.Summary,
            Place = rule.Place,
            Parents = [.. AllRules.Where(other => other.Children.Contains(rule)).Select(other => other.Summary)],
            Children = [.. rule.Children.Select(child => child.Summary)],
            Needs = [.. rule.Conditions.Select(condition => new RuleNeed(condition.Option, words.Wanted(condition)))],
            Counts = rule.Composite is { } composite ? composite.Counts + words.Comparisons(composite.Window) : null,
            CountsGlobally = rule.Composite is { Window.IsGlobal: true },
            IgnoreSeconds = rule.IgnoreSeconds,
            NoAlert = rule.NoAlert,
            Ignores = rule.Suppresses is { } suppresses ? words.Fields(suppresses) : null,
            QuietWhenIgnored = rule.SuppressedBy is { } suppressedBy ? words.Fields(suppressedBy) : null,
        };
    }

    /// <summary>What is known of each decoder that takes a source address; one that hangs below several parents once for each.</summary>
    /// <remarks>Cost: a search for each decoder the first time it is asked about, a second or two for all of a large ruleset; then none.</remarks>
    public IReadOnlyList<SourceReading> SourceReadings() => [.. _sources.Value.Select(source => source.Reading)];

    /// <summary>Those of <see cref="SourceReadings"/> that are not proven and from which an event can come to a rule; empty for an unknown id.</summary>
    public IReadOnlyList<SourceReading> UnprovenSources(int id) =>
        Find(id) is { } rule
            ?
            [
                .. _sources
                    .Value.Where(source => _ruleDecoders.Value.CanMeet(rule, source.DecoderName) && !source.Reading.IsProven)
                    .Select(source => source.Reading)
                    .DistinctBy(reading => (reading.File, reading.Line)),
            ]
            : [];

    /// <summary>The rules that hang below no other, in the order in which they are asked.</summary>
    public IReadOnlyList<RuleSummary> RootRules => [.. Roots.Select(root => root.Summary)];

    internal Rule? Find(int id) => _byId.GetValueOrDefault(id);
}
