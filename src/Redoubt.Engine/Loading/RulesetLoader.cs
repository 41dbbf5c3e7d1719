using System.Text;
using Redoubt.Engine.Decode;
using Redoubt.Engine.Match;
using Redoubt.Model;

namespace Redoubt.Engine.Loading;

/// <summary>Turns files into a <see cref="Ruleset"/>: lists, then decoders, then rules, which name both.</summary>
internal sealed class RulesetLoader
{
    private readonly RulesetSource _source;
    private readonly DiagnosticBag _bag;

    public RulesetLoader(RulesetSource source, DiagnosticBag bag)
    {
        _source = source;
        _bag = bag;
    }

    public Ruleset? Load()
    {
        // The bag may hold errors of others; only ours decide.
        var own = new DiagnosticBag();
        var parts = Read(own);
        var ruleset = own.HasErrors ? null : new Ruleset(parts);
        if (ruleset is not null && _source.ProvesSources)
            ReportUnproven(ruleset, own);

        foreach (var diagnostic in own.All)
            _bag.Add(diagnostic);

        return own.HasErrors ? null : ruleset;
    }

    // Of other rulesets most decoders are not proven; who binds responses to their rules is told by rule.
    private void ReportUnproven(Ruleset ruleset, DiagnosticBag bag)
    {
        var shipped = _source.Decoders.Where(file => file.IsShipped).Select(file => file.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var source in ruleset.SourceReadings().Where(source => !source.IsProven && shipped.Contains(source.File)))
            bag.Error(
                source.File,
                source.Line,
                0,
                "DEC0026",
                null,
                $"It is not proven that '{source.Decoder}' takes the source address from text that no client wrote"
                    + (source.Example is { } line ? $"; this can be read in two ways: {Encoding.Latin1.GetString(line)}" : "."),
                "Anchor the pattern at the end from which the address is reached without text of a client."
            );
    }

    private RulesetParts Read(DiagnosticBag bag)
    {
        var names = new FieldNames();
        var lists = new Dictionary<string, CdbList>(StringComparer.Ordinal);
        foreach (var file in _source.Lists)
        {
            var list = CdbReader.Read(file, bag);
            lists[list.Name] = list;
        }

        var decoders = new DecoderTreeBuilder(names, bag);
        foreach (var file in _source.Decoders)
            decoders.Read(file);

        var tree = decoders.Build();
        var rules = new RuleTreeBuilder(new RuleSources(names, tree, lists, _source.Compatibility), bag);
        foreach (var file in _source.Rules)
            rules.Read(file);

        return rules.Build();
    }
}
