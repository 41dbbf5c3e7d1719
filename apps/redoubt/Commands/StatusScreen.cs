using System.Globalization;
using Redoubt.Show;

namespace Redoubt.App.Commands;

/// <summary>What <c>redoubt status</c> shows: first what is wrong, then what flows, what is enforced, and each host.</summary>
internal static class StatusScreen
{
    private const int MaxHosts = 10;
    private const int NameWidth = 8;

    /// <summary>Writes it.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="status">What the manager says.</param>
    /// <param name="now">For how long ago things were.</param>
    internal static void Write(TextWriter output, StatusView status, DateTimeOffset now)
    {
        output.WriteLine(
            $"Redoubt {status.Version}: {(status.Ready ? "all is up" : "not all is up")}, {status.Mode} mode, started {Ago(status.StartedAt, now)}"
        );
        foreach (var problem in status.NotReady)
            output.WriteLine($"  ! {Terminal.Plain(problem)}");

        if (status.OpenBreakers.Count > 0)
            output.WriteLine(
                $"  ! only observing on {string.Join(", ", status.OpenBreakers)}: too many addresses were to be blocked. Undo: redoubt blocks release-burst"
            );

        foreach (var (name, text) in Rows(status, now))
            Terminal.WriteRow(output, name, text, NameWidth);

        WriteHosts(output, status.Hosts, now);
    }

    private static IEnumerable<(string Name, string Text)> Rows(StatusView status, DateTimeOffset now)
    {
        var lines = status.Lines;
        yield return ("agents", $"{status.AgentsActive} of {status.AgentsTotal} connected");
        yield return ("lines", $"{Number(lines.PerSecond)} a second; the last {Ago(lines.LastAt, now)}");
        yield return (
            string.Empty,
            $"{lines.Received:N0} received = {lines.Processed:N0} processed + {lines.Duplicates:N0} seen before + {lines.Shed:N0} shed"
        );
        if (status.Spool is { Percent: > 0 } or { Waiting: > 0 } or { Shed: > 0 })
            yield return (
                "spool",
                $"{status.Spool.Waiting:N0} lines from the network wait, {status.Spool.Percent} % full; {status.Spool.Shed:N0} found no room"
            );

        yield return ("alerts", $"{lines.Alerts:N0} since the start, in {status.AlertsFile}");
        yield return ("blocks", $"{status.Blocks} current (redoubt blocks list)");
        yield return ("enforced", $"{status.BlocksEnforced} of {status.BlocksDecided} decided, on the hosts that are connected");
        if (status.Incident is { } incident)
            yield return ("incident", $"{Ago(incident.At, now)}, {incident.AgentId} {incident.AgentName}: {incident.Text}");

        if (status.Refused.Count > 0)
            yield return (
                "refused",
                $"{status.Refused.Values.Sum():N0} at the agents' port: {string.Join(", ", status.Refused.Select(r => $"{r.Value:N0} {r.Key.Replace('_', ' ')}"))}"
            );

        yield return ("rules", $"{status.Rules:N0} rules; configuration {status.Configuration}");
    }

    // Those that miss something come first.
    private static void WriteHosts(TextWriter output, IReadOnlyList<HostView> hosts, DateTimeOffset now)
    {
        if (hosts.Count == 0)
            return;

        string[] titles = ["HOST", "LINES/S", "LAST", "DELAY", "SHED", "ENFORCED", "ENFORCER", "REPAIRS", "SPOOL"];
        string[][] rows =
        [
            titles,
            .. hosts
                .OrderBy(h => h.Enforcer && h.BlocksEnforced >= h.BlocksDecided && h.Lines.Shed == 0)
                .Take(MaxHosts)
                .Select(h => Cells(h, now)),
        ];
        var widths = titles.Select((_, i) => rows.Max(r => r[i].Length)).ToArray();
        output.WriteLine();
        foreach (var row in rows)
            output.WriteLine("  " + string.Join("  ", row.Select((cell, i) => cell.PadRight(widths[i]))).TrimEnd());

        if (hosts.Count > MaxHosts)
            output.WriteLine($"  … and {hosts.Count - MaxHosts} more (redoubt agents list)");
    }

    private static string[] Cells(HostView host, DateTimeOffset now) =>
        [
            Terminal.Plain($"{host.Id} {host.Name}"),
            Number(host.Lines.PerSecond),
            Ago(host.Lines.LastAt, now),
            host.Lines.LastAt is null ? "-" : Milliseconds(host.Lines.DelayMs),
            host.Lines.Shed.ToString("N0", CultureInfo.InvariantCulture),
            $"{host.BlocksEnforced} of {host.BlocksDecided}",
            host.Enforcer ? "answers" : "MISSING",
            host.Repairs.ToString("N0", CultureInfo.InvariantCulture),
            host.SpoolLocation is null ? "-" : Terminal.Plain($"{host.SpoolPercent} % {host.SpoolLocation}"),
        ];

    private static string Number(double value) => value.ToString(value < 10 ? "0.#" : "N0", CultureInfo.InvariantCulture);

    private static string Milliseconds(long milliseconds) =>
        milliseconds < 10_000 ? $"{milliseconds} ms" : Terminal.Duration(milliseconds / 1000);

    private static string Ago(string? iso, DateTimeOffset now)
    {
        if (iso is null)
            return "never";

        var seconds = (long)(now - DateTimeOffset.Parse(iso, CultureInfo.InvariantCulture)).TotalSeconds;
        return $"{Terminal.Duration(Math.Max(0, seconds))} ago";
    }
}
