using System.Buffers;
using System.Globalization;
using System.Text;
using Redoubt.Model;

namespace Redoubt.Record;

/// <summary>Writes alerts as alerts.log has them, and lines as archives.log has them.</summary>
/// <remarks>Source: active-response.md 6.2 and 6.4. Immutable; threads: safe.</remarks>
public sealed class AlertText(string managerName, AlertJson json, TimeZoneInfo zone)
{
    private const int MaxPreviousLines = 11;

    /// <summary>One record of alerts.log, its closing empty line included.</summary>
    public byte[] FormatAlert(Alert alert)
    {
        var rule = alert.Rule ?? throw new ArgumentException("An alert has a rule.", nameof(alert));
        var text = new RecordText(512 + alert.FullLog.Length);
        text.Add("** Alert ").Add(alert.Id).Add(json.IsMailed(rule) ? ": mail  - " : ": - ").Add(rule.GroupString).NewLine();
        text.Add(Time(alert)).Add(" ").AddOneLine(Encoding.UTF8.GetBytes(Place(alert))).NewLine();
        text.Add(string.Create(CultureInfo.InvariantCulture, $"Rule: {rule.Id} (level {rule.Level}) -> '"))
            .AddOneLine(Encoding.UTF8.GetBytes(alert.Description))
            .Add("'")
            .NewLine();
        AddField(text, alert, "srcip", "Src IP: ");
        AddField(text, alert, "srcport", "Src Port: ");
        AddField(text, alert, "dstip", "Dst IP: ");
        AddField(text, alert, "dstport", "Dst Port: ");
        AddField(text, alert, "dstuser", "User: ");
        text.Add(alert.FullLog).NewLine();
        foreach (var field in alert.Fields.Where(f => f.IsDynamic && f.Value.Length > 0))
            text.AddOneLine(Encoding.UTF8.GetBytes(field.Name)).Add(": ").AddOneLine(field.Value).NewLine();

        foreach (var line in alert.PreviousLines.Take(MaxPreviousLines))
            text.Add(line).NewLine();

        return text.NewLine().ToArray();
    }

    /// <summary>One line of archives.log.</summary>
    public byte[] FormatArchive(Alert alert)
    {
        var text = new RecordText(96 + alert.FullLog.Length);
        return text.Add(Time(alert))
            .Add(" ")
            .AddOneLine(Encoding.UTF8.GetBytes(Place(alert)))
            .Add(" ")
            .Add(alert.FullLog)
            .NewLine()
            .ToArray();
    }

    private string Place(Alert alert) =>
        alert.Agent.IsManagerHost
            ? $"{managerName}->{alert.Location}"
            : $"({alert.Agent.Name}) {alert.Agent.Address ?? "any"}->{alert.Location}";

    private string Time(Alert alert) =>
        RecordTime.Local(alert.ArrivalUnixMilliseconds, zone).ToString("yyyy MMM dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static void AddField(RecordText text, Alert alert, string name, string title)
    {
        if (
            alert.Fields.FirstOrDefault(f => !f.IsDynamic && string.Equals(f.Name, name, StringComparison.Ordinal)) is
            { Value.Length: > 0 } field
        )
            text.Add(title).AddOneLine(field.Value).NewLine();
    }

    private sealed class RecordText(int capacity)
    {
        private readonly ArrayBufferWriter<byte> _bytes = new(capacity);

        internal RecordText Add(string text) => Add(Encoding.UTF8.GetBytes(text));

        internal RecordText Add(byte[] text)
        {
            _bytes.Write(text);
            return this;
        }

        // Decoded values may hold newlines (JSON has them escaped). Left as they are, a client could write a whole
        // record of its own, "** Alert" included.
        internal RecordText AddOneLine(byte[] text)
        {
            if (text.AsSpan().IndexOfAny((byte)'\n', (byte)'\r') < 0)
                return Add(text);

            foreach (var c in text)
                _bytes.Write([c is (byte)'\n' or (byte)'\r' ? (byte)' ' : c]);

            return this;
        }

        internal RecordText NewLine()
        {
            _bytes.Write("\n"u8);
            return this;
        }

        internal byte[] ToArray() => _bytes.WrittenSpan.ToArray();
    }
}
