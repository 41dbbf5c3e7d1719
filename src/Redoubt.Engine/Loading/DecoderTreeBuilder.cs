using Redoubt.Engine.Decode;
using Redoubt.Model;
using Redoubt.Model.Markup;

namespace Redoubt.Engine.Loading;

/// <summary>Reads decoder files into a tree.</summary>
/// <remarks>Source: rule-engine.md 2.3 (checks) and 2.4 (tree, chains, names).</remarks>
internal sealed class DecoderTreeBuilder
{
    private readonly List<Decoder> _withProgram = [];
    private readonly List<Decoder> _withoutProgram = [];
    private readonly FieldNames _names;
    private readonly DiagnosticBag _bag;
    private int _count;

    public DecoderTreeBuilder(FieldNames names, DiagnosticBag bag)
    {
        _names = names;
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
            else if (!root.Is("decoder"))
                report.Error(root, "DEC0020", null, $"<{root.Name}> cannot stand in a decoder file.", "Only <decoder> and <var> can.");
            else if (new DecoderReader(report, variables, _names).Read(root, file.Name) is { } decoder)
                Add(decoder, root, report);
        }
    }

    public DecoderTree Build()
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var name in Keywords.BuiltInDecoders)
            numbers.Add(name, numbers.Count);

        var maxOrder = 4;
        foreach (var decoder in _withProgram.Concat(_withoutProgram))
        {
            GiveName(decoder, decoder.Name, numbers);
            maxOrder = Math.Max(maxOrder, decoder.Order.Length);
            foreach (var child in decoder.Children)
            {
                GiveName(child, child.UsesOwnName ? child.Name : decoder.Name, numbers);
                maxOrder = Math.Max(maxOrder, child.Order.Length);
            }
        }

        return new DecoderTree([.. _withProgram], [.. _withoutProgram], numbers, maxOrder, _count);
    }

    private static void GiveName(Decoder decoder, string name, Dictionary<string, int> numbers)
    {
        decoder.EffectiveName = name;
        if (!numbers.TryGetValue(name, out var number))
        {
            number = numbers.Count;
            numbers.Add(name, number);
        }

        decoder.NameNumber = number;
    }

    private void Add(Decoder decoder, MarkupElement element, Report report)
    {
        if (decoder.ParentName is null)
        {
            (decoder.ProgramName is null ? _withoutProgram : _withProgram).Add(decoder);
            _count++;
            return;
        }

        var parents = _withProgram.Concat(_withoutProgram).Where(d => d.Name == decoder.ParentName).ToList();
        if (parents.Count == 0)
        {
            report.Error(
                element,
                "DEC0021",
                "2101",
                $"There is no top-level decoder '{decoder.ParentName}' above.",
                "Name a decoder that has no parent itself and was read before."
            );
            return;
        }

        _count++;
        foreach (var parent in parents)
        {
            // Each parent needs a child of its own: chains and names differ.
            AddChild(parent, parents.Count == 1 ? decoder : decoder.Copy(), element, report);
        }
    }

    private static void AddChild(Decoder parent, Decoder child, MarkupElement element, Report report)
    {
        var hasSibling = false;
        foreach (var sibling in parent.Children)
        {
            if (sibling.Name != child.Name)
                continue;

            hasSibling = true;
            sibling.HasNext = true;
            if (!IsLink(sibling) || !IsLink(child))
                report.Error(
                    element,
                    "DEC0022",
                    "2106",
                    $"Children named '{child.Name}' form a chain: each needs a <regex> or <plugin_decoder>.",
                    "Add one, or give another name."
                );
        }

        if (hasSibling && (child.Prematch is not null || child.FirstTime is not null))
            report.Error(
                element,
                "DEC0023",
                "2106",
                "Only the first decoder of a chain can have <prematch> or <fts>.",
                "Move it there, or give another name."
            );

        if (child.RegexOffset == DecoderOffset.AfterRegex && !hasSibling)
            report.Error(
                element,
                "DEC0024",
                "2106",
                "The offset 'after_regex' needs an earlier decoder of the same name and parent.",
                "Use another offset, or give it the name of the one before."
            );

        parent.Children.Add(child);
    }

    private static bool IsLink(Decoder decoder) => decoder.Regex is not null || decoder.Plugin != DecoderPlugin.None;
}
