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
        foreach (var diagnostic in own.All)
            _bag.Add(diagnostic);

        return own.HasErrors ? null : new Ruleset(parts);
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
