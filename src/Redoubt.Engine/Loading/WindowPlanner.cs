using System.Globalization;
using System.Text;
using Redoubt.Engine.Correlate;
using Redoubt.Engine.Decode;
using Redoubt.Engine.Match;

namespace Redoubt.Engine.Loading;

/// <summary>Gives every composite rule its window; composites that count the same events by the same fields share one.</summary>
internal sealed class WindowPlanner
{
    private readonly List<CompositeDraft> _composites;
    private readonly Dictionary<string, WindowSpec> _windows = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _keyKinds = new(StringComparer.Ordinal);
    private readonly Dictionary<Rule, List<int>> _feeds = [];
    private readonly List<RegexFeed> _regexFeeds = [];

    private readonly FieldNames _names;

    public WindowPlanner(List<CompositeDraft> composites, FieldNames names)
    {
        _composites = composites;
        _names = names;
    }

    public (WindowSpec[] Windows, RegexFeed[] RegexFeeds) Plan()
    {
        // A rule that is counted by id feeds no group (rule-engine.md 4.3, step 5).
        var countedById = _composites.Where(c => c.CountedRule is not null).Select(c => c.CountedRule!).ToHashSet();
        foreach (var composite in _composites)
            Plan(composite, countedById);

        foreach (var (rule, feeds) in _feeds)
            rule.Feeds = [.. feeds.Distinct()];

        return ([.. _windows.Values.OrderBy(w => w.Index)], [.. _regexFeeds]);
    }

    private void Plan(CompositeDraft composite, HashSet<Rule> countedById)
    {
        var identity = IdentityOf(composite);
        if (!_windows.TryGetValue(identity, out var window))
        {
            window = new WindowSpec
            {
                Index = _windows.Count,
                KeyKind = KeyKindOf(composite),
                Identity = identity,
                Same = composite.Same,
                Different = composite.Different,
                DiffersInDynamic = Array.Exists(composite.Different, p => p.Kind == EventPartKind.Dynamic),
                IsGlobal = composite.IsGlobal,
                SeparatesCategories = composite.CountedRegex is not null,
            };
            _windows.Add(identity, window);
            if (composite.CountedRegex is { } regex)
                _regexFeeds.Add(new RegexFeed(regex, window.Index));
        }

        if (composite.CountedRule is { } counted)
            Feed(counted, window);

        foreach (var rule in composite.CountedGroup ?? [])
        {
            if (!countedById.Contains(rule))
                Feed(rule, window);
        }

        var needed = composite.Frequency - 2;
        window.MaxEntries = Math.Max(window.MaxEntries, composite.Different.Length > 0 ? WindowSpec.MaxEntriesWithDifferences : needed + 1);
        window.MaxTimeframeSeconds = Math.Max(window.MaxTimeframeSeconds, composite.TimeframeSeconds);
        composite.Rule.Composite = new CompositeSpec(
            window,
            composite.Rule.Level,
            needed,
            composite.TimeframeSeconds,
            ShowsPrevious: composite.CountedRegex is null,
            WhatIsCounted(composite)
        );
    }

    private static string WhatIsCounted(CompositeDraft composite)
    {
        if (composite.CountedRule is { } counted)
            return string.Create(CultureInfo.InvariantCulture, $"events of rule {counted.Id}");

        return composite.CountedGroup is not null
            ? $"events of group {composite.CountedGroupName}"
            : $"logs that match '{Encoding.UTF8.GetString(composite.CountedRegex?.Source ?? [])}'";
    }

    private int KeyKindOf(CompositeDraft composite)
    {
        var text = new StringBuilder();
        text.AppendJoin(',', composite.Same.Select(Describe))
            .Append(composite.IsGlobal ? "|global" : string.Empty)
            .Append(composite.CountedRegex is null ? string.Empty : "|category");
        var key = text.ToString();
        if (!_keyKinds.TryGetValue(key, out var kind))
            _keyKinds.Add(key, kind = _keyKinds.Count);

        return kind;
    }

    private void Feed(Rule rule, WindowSpec window)
    {
        if (!_feeds.TryGetValue(rule, out var feeds))
            _feeds.Add(rule, feeds = []);

        feeds.Add(window.Index);
    }

    private string IdentityOf(CompositeDraft composite)
    {
        var text = new StringBuilder();
        if (composite.CountedRule is { } counted)
            text.Append(CultureInfo.InvariantCulture, $"sid:{counted.Id}");
        else if (composite.CountedGroup is not null)
            text.Append(CultureInfo.InvariantCulture, $"group:{composite.Rule.Id}:{composite.CountedGroupName}");
        else
            text.Append(
                CultureInfo.InvariantCulture,
                $"regex:{composite.Rule.Id}:{Convert.ToHexString(composite.CountedRegex?.Source ?? [])}"
            );

        text.Append("|same:").AppendJoin(',', composite.Same.Select(Describe));
        text.Append("|different:").AppendJoin(',', composite.Different.Select(Describe));
        return text.Append(composite.IsGlobal ? "|global" : string.Empty).ToString();
    }

    private string Describe(EventPart part) =>
        part.Kind == EventPartKind.Dynamic ? "field " + _names.NameOf(part.Number) : $"{part.Kind} {part.Field}";
}
