using System.CommandLine;
using Redoubt.Corpus;

namespace Redoubt.Bench.Commands;

/// <summary>Options that say which corpus is made.</summary>
internal sealed class CorpusChoice
{
    private readonly Option<int> _lines;
    private readonly Option<int> _sources = new("--sources")
    {
        Description = "Distinct attacking addresses.",
        DefaultValueFactory = _ => 2_000,
        HelpName = "N",
    };

    private readonly Option<ulong> _seed = new("--seed")
    {
        Description = "Which of the many corpora.",
        DefaultValueFactory = _ => 1,
        HelpName = "N",
    };

    public CorpusChoice(int lines) =>
        _lines = new Option<int>("--lines")
        {
            Description = "Lines of each corpus.",
            DefaultValueFactory = _ => lines,
            HelpName = "N",
        };

    public void AddTo(Command command)
    {
        command.Options.Add(_lines);
        command.Options.Add(_sources);
        command.Options.Add(_seed);
    }

    public CorpusOptions Read(ParseResult parsed, CorpusKind kind) =>
        new()
        {
            Kind = kind,
            Lines = parsed.GetValue(_lines),
            Sources = parsed.GetValue(_sources),
            Seed = parsed.GetValue(_seed),
        };
}
