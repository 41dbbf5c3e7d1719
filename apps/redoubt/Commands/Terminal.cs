using System.Globalization;
using System.Text.Json;
using Redoubt.Show;
using Spectre.Console;

namespace Redoubt.App.Commands;

/// <summary>What people see.</summary>
internal static class Terminal
{
    /// <summary>Prints objects one a line.</summary>
    internal static void PrintJson<T>(IEnumerable<T> objects)
    {
        foreach (var item in objects)
            Console.Out.WriteLine(JsonSerializer.Serialize(item, ApiJson.Options));
    }

    /// <summary>A table without lines; the last column gives way where the terminal is narrow. Texts from logs are shown, never interpreted.</summary>
    internal static void PrintTable(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        // In a pipe there is no width to keep to: a line is a row.
        if (Console.IsOutputRedirected)
            AnsiConsole.Profile.Width = WidthOfPipes;

        var table = new Table().Border(TableBorder.None);
        table.Expand = false;
        foreach (var column in columns)
            table.AddColumn(
                new TableColumn(new Text(column.ToUpperInvariant(), new Style(Color.Grey)))
                {
                    NoWrap = column != columns[^1],
                    Padding = new Padding(0, 0, 2, 0),
                }
            );

        foreach (var row in rows)
            table.AddRow(row.Select(cell => new Text(Plain(cell)) { Overflow = Overflow.Ellipsis }));

        AnsiConsole.Write(table);
    }

    private const int WidthOfPipes = 400;

    /// <summary>Seconds as people say them.</summary>
    internal static string Duration(long? seconds)
    {
        if (seconds is not { } left)
            return "until removed";

        var span = TimeSpan.FromSeconds(left);
        return span switch
        {
            { TotalDays: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalDays}d {span.Hours}h"),
            { TotalHours: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalHours}h {span.Minutes:00}m"),
            { TotalMinutes: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalMinutes}m {span.Seconds:00}s"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{left}s"),
        };
    }

    /// <summary>Local time to the second.</summary>
    internal static string LocalTime(string? iso) =>
        iso is null
            ? "-"
            : DateTimeOffset
                .Parse(iso, CultureInfo.InvariantCulture)
                .ToLocalTime()
                .ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>Writes a name and a text beside it; on a terminal the text goes on below itself, in a pipe a row is a line.</summary>
    internal static void WriteRow(TextWriter output, string name, string text, int nameWidth, int indent = 2)
    {
        var head = new string(' ', indent) + name.PadRight(nameWidth) + ' ';
        var width = Console.IsOutputRedirected ? int.MaxValue : Math.Max(Console.WindowWidth - head.Length - 1, 30);
        var rest = Plain(text);
        while (rest.Length > width)
        {
            var blank = rest.LastIndexOf(' ', width);
            var cut = blank > width / 2 ? blank : width;
            output.WriteLine(head + rest[..cut]);
            rest = rest[cut..].TrimStart();
            head = new string(' ', head.Length);
        }

        output.WriteLine((head + rest).TrimEnd());
    }

    /// <summary>Text of others without anything a terminal would act on.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="keepsTabs">Whether tabs are ours and stay.</param>
    internal static string Plain(string text, bool keepsTabs = false) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) && !(keepsTabs && c == '\t') ? '·' : c)) : text;
}
