using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace Redoubt.Bench.Show;

/// <summary>What people and programs see of a measurement.</summary>
internal static class Report
{
    private const int WidthOfPipes = 120;

    /// <summary>Prints figures as a table or as one JSON object a line, and judges them when asked to.</summary>
    /// <returns>0, or 1 when a figure is outside its budget.</returns>
    public static int Print(IReadOnlyList<Figure> figures, bool json, bool check)
    {
        var budgets = Budgets.Read(Path.Combine(AppContext.BaseDirectory, "budgets.json"));
        if (json)
            PrintJson(figures, budgets);
        else
            PrintTable(figures, budgets);

        if (!check)
            return 0;

        var over = figures.Where(f => budgets.Of(f)?.Allows(f.Value) == false).ToList();
        foreach (var figure in over)
            Console.Error.WriteLine($"{figure.Name} is {Number(figure.Value)} {figure.Unit}; allowed is {budgets.Of(figure)!.Text}");

        return over.Count == 0 ? 0 : 1;
    }

    public static string Number(double value) =>
        Math.Abs(value) switch
        {
            >= 100 => value.ToString("N0", CultureInfo.InvariantCulture),
            >= 10 => value.ToString("N1", CultureInfo.InvariantCulture),
            _ => value.ToString("N2", CultureInfo.InvariantCulture),
        };

    private static void PrintJson(IEnumerable<Figure> figures, Budgets budgets)
    {
        foreach (var figure in figures)
        {
            var budget = budgets.Of(figure);
            Console.Out.WriteLine(
                JsonSerializer.Serialize(
                    new
                    {
                        figure = figure.Name,
                        value = Math.Round(figure.Value, 4),
                        unit = figure.Unit,
                        at_most = budget?.AtMost,
                        at_least = budget?.AtLeast,
                        ok = budget?.Allows(figure.Value),
                    }
                )
            );
        }
    }

    private static void PrintTable(IEnumerable<Figure> figures, Budgets budgets)
    {
        if (Console.IsOutputRedirected)
            AnsiConsole.Profile.Width = WidthOfPipes;

        var table = new Table().Border(TableBorder.None);
        table.AddColumn(new TableColumn(new Text("FIGURE")) { Padding = new Padding(0, 0, 2, 0) });
        table.AddColumn(new TableColumn(new Text("VALUE")) { Alignment = Justify.Right, NoWrap = true });
        table.AddColumn(new TableColumn(new Text("UNIT")) { NoWrap = true });
        table.AddColumn(new TableColumn(new Text("BUDGET")) { NoWrap = true });
        foreach (var figure in figures)
        {
            var budget = budgets.Of(figure);
            var isOver = budget?.Allows(figure.Value) == false;
            table.AddRow(
                new Text(figure.Name),
                new Text(Number(figure.Value), isOver ? new Style(Color.Red) : Style.Plain),
                new Text(figure.Unit),
                new Text(
                    budget is null ? string.Empty
                    : isOver ? budget.Text + "  over"
                    : budget.Text
                )
            );
        }

        AnsiConsole.Write(table);
    }
}
