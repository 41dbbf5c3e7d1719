using System.Globalization;
using System.Text;
using Redoubt.Engine.Decode;
using Redoubt.Engine.Match;
using Redoubt.Model;
using Redoubt.Model.Markup;
using Redoubt.Patterns;

namespace Redoubt.Engine.Loading;

/// <summary>Reads rule files and gives each rule its place in the tree.</summary>
/// <remarks>Source: rule-engine.md 3.7 (what is an error and what a warning) and 4.1 (the tree).</remarks>
internal sealed class RuleTreeBuilder
{
    public const int DefaultTimeframeSeconds = 360;

    private const int FirstIdBelowRoots = 10;

    private readonly RuleSources _sources;
    private readonly DiagnosticBag _bag;
    private readonly List<Rule> _roots = [];
    private readonly List<Rule> _rules = [];
    private readonly Dictionary<int, Rule> _byId = [];
    private readonly List<CompositeDraft> _composites = [];

    public RuleTreeBuilder(RuleSources sources, DiagnosticBag bag)
    {
        _sources = sources;
        _bag = bag;
    }

    public void Read(RulesetFile file)
    {
        var report = new Report(_bag, file.Name);
        var variables = new VariableTable(report);
        foreach (var root in MarkupReader.Read(file.Content, file.Name, _bag))
        {
            if (root.Is("var"))
                variables.Define(root);
            else if (root.Is("group"))
                ReadGroup(root, report, variables, file.Name);
            else
                report.Error(
                    root,
                    "RULE0070",
                    null,
                    $"<{root.Name}> cannot stand at the top of a rule file.",
                    "Only <group> and <var> can."
                );
        }
    }

    public RulesetParts Build()
    {
        for (var i = 0; i < _rules.Count; i++)
            _rules[i].Index = i;

        var (windows, feeds) = new WindowPlanner(_composites, _sources.Names).Plan();
        // After the planner: what counts events does not take every event.
        new UnreachableRules(_roots, _rules, _bag).Note();
        var literals = new LogLiterals().Collect(_sources.Decoders, _rules);
        var programPatterns = ProgramPatterns.Collect(_rules);

        // Behind the others: the tables hold what was found out about literals.
        foreach (var rule in _rules)
            rule.ChildTable = RuleChildren.Of(rule.Children);

        return new RulesetParts(
            _sources.Compatibility,
            _sources.Decoders,
            _sources.Names,
            [.. _roots],
            [.. _rules],
            windows,
            feeds,
            literals,
            programPatterns
        );
    }

    private void ReadGroup(MarkupElement group, Report report, VariableTable variables, string file)
    {
        if (group.Attributes.Count != 1 || group.Attributes[0].Name is not "name")
        {
            report.Error(group, "RULE0071", null, "<group> needs exactly the attribute 'name'.", "Write <group name=\"a,b,\">.");
            return;
        }

        var name = Encoding.UTF8.GetString(variables.Expand(group, group.Attributes[0].Value));
        foreach (var element in group.Children)
        {
            if (!element.Is("rule"))
                report.Error(element, "RULE0072", null, $"<{element.Name}> cannot stand in a <group>.", "Only <rule> can.");
            else if (new RuleReader(report, variables, _sources, element, name).Read(file) is { IsDropped: false } draft)
                Take(draft, report);
        }
    }

    private void Take(RuleDraft draft, Report report)
    {
        if (_byId.TryGetValue(draft.Id, out var existing))
        {
            if (draft.IsOverwrite)
                Overwrite(existing, draft, report);
            else
                report.Warning(
                    draft.Element,
                    "RULE0073",
                    "7612",
                    $"Rule {draft.Id} is there already; only the first one counts.",
                    "Give another id, or overwrite=\"yes\"."
                );

            return;
        }

        if (draft.IsOverwrite)
            report.Warning(
                draft.Element,
                "RULE0074",
                "7613",
                $"Rule {draft.Id}, which this one overwrites, is not there; it is taken as a new rule.",
                "Remove overwrite=\"yes\", or correct the id."
            );

        var rule = new Rule(draft.Id)
        {
            SortKey = draft.SortKey,
            Category = draft.Category ?? Category.Syslog,
            Place = draft.Place,
        };
        Fill(rule, draft);
        if (!Place(rule, draft, report) || !PlanComposite(rule, draft, report))
            return;

        _byId.Add(rule.Id, rule);
        _rules.Add(rule);
    }

    private static void Fill(Rule rule, RuleDraft draft)
    {
        rule.Level = draft.Level;
        rule.Conditions = draft.Conditions;
        rule.IgnoreSeconds = draft.IgnoreSeconds;
        rule.NoAlert = draft.NoAlert;
        rule.Suppresses = draft.Suppresses;
        rule.SuppressedBy = draft.SuppressedBy;
        rule.Description = draft.Description;
        rule.Summary = draft.Summary;
        rule.GroupBytes = Encoding.UTF8.GetBytes(draft.Summary.GroupString);
    }

    // Contents are replaced; place, parents, children and what is counted stay.
    private void Overwrite(Rule existing, RuleDraft draft, Report report)
    {
        if (draft.IfSid.IsGiven || draft.IfGroup.IsGiven || draft.IfLevel.IsGiven || draft.IsComposite)
            report.Warning(
                draft.Element,
                "RULE0075",
                "7605",
                $"Rule {draft.Id} keeps its parents and what it counts; if_* options of an overwriting rule have no effect.",
                draft.IsComposite
                    ? "Leave if_sid, if_group and if_level out; a rule that counts needs its if_matched_* repeated, which changes nothing."
                    : "Leave them out."
            );

        Fill(existing, draft);
        if (_composites.Find(c => c.Rule == existing) is not { } composite)
            return;

        composite.Take(draft);
        existing.Summary = existing.Summary with { Frequency = composite.Frequency, TimeframeSeconds = composite.TimeframeSeconds };
    }

    private bool Place(Rule rule, RuleDraft draft, Report report)
    {
        if (rule.Id < FirstIdBelowRoots)
        {
            Insert(_roots, rule);
            return true;
        }

        if (draft.IfSid.IsGiven)
            return PlaceBelowIds(rule, draft, report);

        if (draft.IfLevel.IsGiven)
            return PlaceBelowLevel(rule, draft, report);

        if (draft.IfGroup.IsGiven)
            return PlaceBelowGroup(rule, draft.IfGroup, "if_group", draft, report);

        if (draft.IfMatchedSid.IsGiven)
            return PlaceBelowMatchedId(rule, draft, report);

        if (draft.IfMatchedGroup.IsGiven)
            return PlaceBelowGroup(rule, draft.IfMatchedGroup, "if_matched_group", draft, report);

        if (_roots.Find(root => root.Category == rule.Category) is not { } parent)
        {
            report.Warning(
                draft.Element,
                "RULE0076",
                "7611",
                $"There is no root rule of the category of rule {rule.Id}; it is left out.",
                "Add <if_sid>, or a rule with an id below 10 for the category."
            );
            return false;
        }

        Insert(parent.Children, rule);
        return true;
    }

    private bool PlaceBelowIds(Rule rule, RuleDraft draft, Report report)
    {
        var text = draft.IfSid.Text;
        if (!text.All(c => char.IsAsciiDigit(c) || c == ',' || char.IsWhiteSpace(c)))
        {
            report.Warning(
                draft.Element,
                "RULE0077",
                "7618",
                $"'{text}' is no list of rule ids; rule {rule.Id} is left out.",
                "Write ids separated by commas."
            );
            return false;
        }

        var isPlaced = false;
        foreach (var word in text.Split([',', ' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (Find(word) is { } parent)
            {
                rule.Category = parent.Category;
                Insert(parent.Children, rule);
                isPlaced = true;
            }
            else
            {
                report.Warning(
                    draft.Element,
                    "RULE0078",
                    "7617",
                    $"Rule {word}, which <if_sid> of rule {rule.Id} names, was not read before.",
                    "Correct the id, or read its file first."
                );
            }
        }

        if (!isPlaced)
            report.Warning(
                draft.Element,
                "RULE0079",
                "7619",
                $"<if_sid> of rule {rule.Id} names no rule that is there; it is left out.",
                "Correct the ids."
            );

        return isPlaced;
    }

    private bool PlaceBelowLevel(Rule rule, RuleDraft draft, Report report)
    {
        var isNumber = int.TryParse(draft.IfLevel.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var level);
        var parents = isNumber ? _rules.FindAll(r => r.SortKey >= level * 100) : [];
        if (parents.Count == 0)
        {
            report.Warning(
                draft.Element,
                "RULE0080",
                "7609",
                $"<if_level> of rule {rule.Id} fits no rule; it is left out.",
                "Write a level from 1 to 16."
            );
            return false;
        }

        foreach (var parent in parents)
            Insert(parent.Children, rule);

        return true;
    }

    private bool PlaceBelowGroup(Rule rule, OptionText group, string option, RuleDraft draft, Report report)
    {
        var search = new WordMatch(group.Bytes);
        var parents = _rules.FindAll(r => search.IsMatch(r.GroupBytes));
        if (parents.Count == 0)
        {
            report.Warning(
                draft.Element,
                "RULE0081",
                "7610",
                $"No rule read before has the group '{group.Text}' of <{option}>; rule {rule.Id} is left out.",
                "Correct the group, or read its file first."
            );
            return false;
        }

        foreach (var parent in parents)
            Insert(parent.Children, rule);

        return true;
    }

    private bool PlaceBelowMatchedId(Rule rule, RuleDraft draft, Report report)
    {
        if (Find(draft.IfMatchedSid.Text.Trim()) is not { } parent)
        {
            report.Warning(
                draft.Element,
                "RULE0082",
                "7620",
                $"Rule {draft.IfMatchedSid.Text}, which <if_matched_sid> of rule {rule.Id} names, was not read before; it is left out.",
                "Correct the id, or read its file first."
            );
            return false;
        }

        rule.Category = parent.Category;
        Insert(parent.Children, rule);
        return true;
    }

    private bool PlanComposite(Rule rule, RuleDraft draft, Report report)
    {
        if (!draft.IsComposite)
            return true;

        var composite = new CompositeDraft(rule);
        if (draft.IfMatchedSid.IsGiven)
        {
            composite.CountedRule = Find(draft.IfMatchedSid.Text.Trim());
            if (composite.CountedRule is null)
            {
                report.Warning(
                    draft.Element,
                    "RULE0083",
                    "7615",
                    $"'{draft.IfMatchedSid.Text}' of <if_matched_sid> is no rule that was read before; rule {rule.Id} is left out.",
                    "Correct the id."
                );
                RemoveFromTree(rule);
                return false;
            }
        }
        else if (draft.IfMatchedGroup.IsGiven)
        {
            var pattern = OsMatch.Parse(draft.IfMatchedGroup.Bytes, out _);
            composite.CountedGroup = _rules.FindAll(r => pattern?.IsMatch(r.GroupBytes) == true);
            composite.CountedGroupName = draft.IfMatchedGroup.Text;
        }
        else
        {
            composite.CountedRegex = TextPattern.Parse(PatternType.OsRegex, draft.IfMatchedRegex.Bytes, out var problem);
            if (composite.CountedRegex is null)
                report.Error(
                    draft.IfMatchedRegex.First!,
                    "RULE0011",
                    null,
                    $"The pattern of <if_matched_regex> cannot be used: {problem}",
                    "Correct the pattern."
                );
        }

        composite.Take(draft);
        _composites.Add(composite);
        NoteWhatCannotFire(composite, draft, report);
        return true;
    }

    private static void NoteWhatCannotFire(CompositeDraft composite, RuleDraft draft, Report report)
    {
        if (draft.Level == 0)
            report.Note(
                draft.Element,
                "RULE0084",
                $"Rule {draft.Id} counts events but has level 0, so it cannot fire.",
                "Give it a level from 1 to 16."
            );

        if (composite.CountedRule is { Level: 0 } counted)
            report.Note(
                draft.Element,
                "RULE0085",
                $"Rule {draft.Id} counts rule {counted.Id}, whose events are never remembered because its level is 0.",
                "Give the counted rule a level from 1 to 16."
            );

        if (draft.Same.Exists(part => part.Kind == EventPartKind.GeoIp))
            report.Note(
                draft.Element,
                "RULE0086",
                $"Rule {draft.Id} compares countries, which no event has, so it cannot fire.",
                "Remove the option."
            );
    }

    private void RemoveFromTree(Rule rule)
    {
        _roots.Remove(rule);
        foreach (var other in _rules)
            other.Children.Remove(rule);
    }

    private Rule? Find(string id) =>
        int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? _byId.GetValueOrDefault(number) : null;

    private static void Insert(List<Rule> siblings, Rule rule)
    {
        if (siblings.Contains(rule))
            return;

        var at = siblings.FindIndex(sibling => sibling.SortKey < rule.SortKey);
        siblings.Insert(at < 0 ? siblings.Count : at, rule);
    }
}
