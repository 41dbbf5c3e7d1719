using System.CommandLine;
using Redoubt.Bench.Show;

namespace Redoubt.Bench.Commands;

/// <summary>Options that say what becomes of the figures.</summary>
internal sealed class OutputChoice
{
    private readonly Option<bool> _json = new("--json") { Description = "One JSON object a figure, one a line." };
    private readonly Option<bool> _check = new("--check")
    {
        Description = "Exit with 1 when a figure is outside its budget (budgets.json).",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_json);
        command.Options.Add(_check);
    }

    public int Print(ParseResult parsed, IReadOnlyList<Figure> figures) =>
        Report.Print(figures, parsed.GetValue(_json), parsed.GetValue(_check));
}
