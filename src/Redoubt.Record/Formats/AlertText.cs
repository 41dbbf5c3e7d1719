using System.Globalization;
using System.Text;
using Redoubt.Model;

namespace Redoubt.Record;

/// <summary>Writes alerts as alerts.log has them, and lines as archives.log has them.</summary>
/// <remarks>Source: active-response.md 6.2 and 6.4. Threads: not safe; one belongs to whoever records.</remarks>
public sealed class AlertText
{
    private const int MaxPreviousLines = 11;
    private const int MaxRules = 100_000;

    private readonly string _managerName;
    private readonly AlertJson _json;
    private readonly TimeText _time;
    private readonly RecordBuffer _record = new(4_096);
    private readonly Dictionary<RuleSummary, RuleLines> _rules = new(ReferenceEqualityComparer.Instance);
    private AgentIdentity? _agent;
    private string? _location;
    private string _place = string.Empty;

    /// <summary>Makes a writer.</summary>
    /// <param name="managerName">The manager's host name.</param>
    /// <param name="json">Tells which alerts are mailed.</param>
    /// <param name="zone">Zone of the times.</param>
    public AlertText(string managerName, AlertJson json, TimeZoneInfo zone)
    {
        _managerName = managerName;
        _json = json;
        _time = new TimeText(zone, "yyyy MMM dd HH:mm:ss");
    }

    /// <summary>One record of alerts.log, its closing empty line included.</summary>
    public byte[] FormatAlert(Alert alert)
    {
        _record.Clear();
        WriteAlert(_record, alert);
        return _record.ToArray();
    }

    /// <summary>One line of archives.log.</summary>
    public byte[] FormatArchive(Alert alert)
    {
        _record.Clear();
        WriteArchive(_record, alert);
        return _record.ToArray();
    }

    /// <summary>Adds one record of alerts.log.</summary>
    internal void WriteAlert(RecordBuffer text, Alert alert)
    {
        var rule = LinesOf(alert.Rule ?? throw new ArgumentException("An alert has a rule.", nameof(alert)));
        text.Add("** Alert "u8).Add(alert.Id).Add(rule.Head);
        text.Add(_time.Second(alert.ArrivalUnixMilliseconds)).Add(" "u8).AddOneLine(PlaceOf(alert));
        foreach (var (key, value) in alert.Agent.Labels)
            text.Add("\n"u8).AddOneLine(key).Add(": "u8).AddOneLine(value);

        text.Add(rule.Title).AddOneLine(alert.Description).Add("'\n"u8);
        AddField(text, alert, "srcip", "Src IP: "u8);
        AddField(text, alert, "srcport", "Src Port: "u8);
        AddField(text, alert, "dstip", "Dst IP: "u8);
        AddField(text, alert, "dstport", "Dst Port: "u8);
        AddField(text, alert, "dstuser", "User: "u8);
        AddLog(text, alert.FullLog);
        foreach (var field in alert.Fields)
        {
            if (field.IsDynamic && field.Value.Length > 0)
                text.AddOneLine(field.Name).Add(": "u8).AddOneLine(field.Value).Add("\n"u8);
        }

        for (var i = 0; i < alert.PreviousLines.Count && i < MaxPreviousLines; i++)
            AddLog(text, alert.PreviousLines[i]);

        text.Add("\n"u8);
    }

    /// <summary>Adds one line of archives.log.</summary>
    internal void WriteArchive(RecordBuffer text, Alert alert) =>
        text.Add(_time.Second(alert.ArrivalUnixMilliseconds))
            .Add(" "u8)
            .AddOneLine(PlaceOf(alert))
            .Add(" "u8)
            .AddOneLine(alert.FullLog)
            .Add("\n"u8);

    // A record of several lines must not be able to end this one, or to begin another.
    private static void AddLog(RecordBuffer text, ReadOnlySpan<byte> log)
    {
        if (!log.Contains((byte)'\n'))
        {
            text.Add(log).Add("\n"u8);
            return;
        }

        foreach (var range in log.Split((byte)'\n'))
        {
            var line = log[range];
            if (line.IsEmpty)
                continue;

            if (line.StartsWith("** Alert"u8))
                text.Add(" "u8);

            text.Add(line).Add("\n"u8);
        }
    }

    private RuleLines LinesOf(RuleSummary rule)
    {
        if (_rules.TryGetValue(rule, out var known))
            return known;

        if (_rules.Count >= MaxRules)
            _rules.Clear();

        known = new RuleLines(
            Encoding.UTF8.GetBytes((_json.IsMailed(rule) ? ": mail  - " : ": - ") + rule.GroupString + "\n"),
            Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\nRule: {rule.Id} (level {rule.Level}) -> '"))
        );
        _rules.Add(rule, known);
        return known;
    }

    private string PlaceOf(Alert alert)
    {
        if (ReferenceEquals(alert.Agent, _agent) && ReferenceEquals(alert.Location, _location))
            return _place;

        (_agent, _location) = (alert.Agent, alert.Location);
        _place = alert.Agent.IsManagerHost
            ? $"{_managerName}->{alert.Location}"
            : $"({alert.Agent.Name}) {alert.Agent.Address ?? "any"}->{alert.Location}";
        return _place;
    }

    private static void AddField(RecordBuffer text, Alert alert, string name, ReadOnlySpan<byte> title)
    {
        foreach (var field in alert.Fields)
        {
            if (field.IsDynamic || !string.Equals(field.Name, name, StringComparison.Ordinal))
                continue;

            if (field.Value.Length > 0)
                text.Add(title).AddOneLine(field.Value).Add("\n"u8);

            return;
        }
    }

    /// <summary>What the records of a rule have in common.</summary>
    /// <param name="Head">The rest of the first line, behind the id.</param>
    /// <param name="Title">The third line up to the description.</param>
    private sealed record RuleLines(byte[] Head, byte[] Title);
}
