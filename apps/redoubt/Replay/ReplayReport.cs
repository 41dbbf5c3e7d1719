using System.Globalization;
using Redoubt.App.Commands;

namespace Redoubt.App.Replay;

/// <summary>What people see at the end of a replay.</summary>
internal static class ReplayReport
{
    private const int ShownRules = 10;

    internal static void Print(ReplaySummary summary, ReplayOptions options, TimeSpan elapsed)
    {
        Row(
            "lines",
            summary.Lines,
            $"{Size(summary.Bytes)}{(summary.Truncated > 0 ? $", {Number(summary.Truncated)} cut at {Number(ReplayInput.MaxLineBytes)} bytes" : string.Empty)}"
        );
        if (summary.First is { } first)
            Row("logged", Terminal.Duration(summary.Seconds), $"{Time(first, options.Zone)} to {Time(summary.Last, options.Zone)}");

        Row("decoded", summary.Decoded, Percent(summary.Decoded, summary.Lines));
        Row("matched", summary.Matched, Percent(summary.Matched, summary.Lines));
        Row("alerts", summary.Alerts, Percent(summary.Alerts, summary.Lines));
        Row("decisions", summary.Responses.Decisions, Decisions(summary.Responses));
        Row(
            "took",
            string.Create(CultureInfo.InvariantCulture, $"{elapsed.TotalSeconds:0.00} s"),
            $"{Number((long)(summary.Lines / Math.Max(elapsed.TotalSeconds, 0.001)))} lines/s"
        );
        if (options.OutputFolder is { } folder)
            Console.Out.WriteLine($"  written to {Terminal.Plain(folder)}/alerts");

        PrintRules(summary);
        if (options.WithBudget)
            PrintBudget(summary.Responses, options.Zone);
    }

    private static void PrintRules(ReplaySummary summary)
    {
        if (summary.AlertsByRule.Count == 0)
            return;

        var rules = summary.Rules;
        Console.Out.WriteLine();
        Terminal.PrintTable(
            ["alerts", "rule", "level", "description"],
            summary
                .AlertsByRule.OrderByDescending(r => r.Value)
                .ThenBy(r => r.Key)
                .Take(ShownRules)
                .Select(r =>
                    new[]
                    {
                        Number(r.Value),
                        r.Key.ToString(CultureInfo.InvariantCulture),
                        rules[r.Key].Level.ToString(CultureInfo.InvariantCulture),
                        rules[r.Key].Description,
                    }
                )
        );
        if (summary.AlertsByRule.Count > ShownRules)
            Console.Out.WriteLine($"… and {summary.AlertsByRule.Count - ShownRules} more rules");
    }

    private static void PrintBudget(ResponseTally responses, TimeZoneInfo zone)
    {
        Console.Out.WriteLine();
        Console.Out.WriteLine("Response budget");
        Row("targets", responses.Targets, "different addresses");
        Row("blocks", responses.NewBlocks, "new ones; a target counts again when its earlier block is over");
        Row("at once", responses.MostAtOnce, "blocks in force at the same time, at most");
        if (responses.Peak is { } peak)
            Row("peak", peak.Blocks, $"new blocks in the minute of {Time(peak.Minute * 60_000, zone)}");

        foreach (var (reason, count) in responses.HeldBack)
            Row("held back", count, Terminal.Plain(reason));

        foreach (var (reason, count) in responses.Skipped)
            Row("skipped", count, Terminal.Plain(reason));
    }

    private static string Decisions(ResponseTally responses)
    {
        var parts = new List<string>();
        if (responses.Decided > 0)
            parts.Add($"{Number(responses.Decided)} would be carried out");

        if (responses.Observed > 0)
            parts.Add($"{Number(responses.Observed)} only observed");

        var skipped = responses.Skipped.Values.Sum();
        if (skipped > 0)
            parts.Add($"{Number(skipped)} skipped");

        return string.Join(", ", parts);
    }

    private static void Row(string name, long value, string remark) => Row(name, Number(value), remark);

    private static void Row(string name, string value, string remark) =>
        Console.Out.WriteLine($"  {name, -10} {value, 14}   {remark}".TrimEnd());

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Percent(long part, long whole) =>
        whole == 0 ? string.Empty : string.Create(CultureInfo.InvariantCulture, $"{100.0 * part / whole:0.0} %");

    private static string Size(long bytes) =>
        bytes switch
        {
            >= 1 << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1 << 30):0.0} GiB"),
            >= 1 << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1 << 20):0.0} MiB"),
            >= 1 << 10 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1 << 10):0.0} KiB"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes"),
        };

    private static string Time(long unixMilliseconds, TimeZoneInfo zone) =>
        TimeZoneInfo
            .ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(unixMilliseconds), zone)
            .ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
