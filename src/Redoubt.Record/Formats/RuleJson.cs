using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Redoubt.Model;

namespace Redoubt.Record;

/// <summary>The member <c>rule</c> of a record, cut where it differs from alert to alert: at the description and at <c>firedtimes</c>.</summary>
/// <remarks>Made once a rule. Immutable; threads: safe.</remarks>
internal sealed class RuleJson
{
    private const int AnyNumber = int.MaxValue;

    private readonly byte[] _beforeDescription;
    private readonly byte[] _beforeFiredTimes;
    private readonly byte[]? _rest;

    internal RuleJson(RuleSummary rule, bool mail)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, AlertJson.Options))
            AlertJson.WriteRule(json, rule, string.Empty, AnyNumber, mail);

        // Quotes within strings are escaped, so neither key can be found inside of one.
        var whole = buffer.WrittenSpan;
        var description = whole.IndexOf("\"description\":\""u8) + "\"description\":\""u8.Length;
        _beforeDescription = whole[..description].ToArray();
        whole = whole[description..];
        var firedTimes = whole.IndexOf("\"firedtimes\":"u8);
        if (firedTimes < 0)
        {
            _beforeFiredTimes = whole.ToArray();
            return;
        }

        firedTimes += "\"firedtimes\":"u8.Length;
        _beforeFiredTimes = whole[..firedTimes].ToArray();
        _rest = whole[(firedTimes + AnyNumber.ToString(CultureInfo.InvariantCulture).Length)..].ToArray();
    }

    /// <summary>Writes the member's value.</summary>
    internal void Write(RecordBuffer buffer, string description, int firedTimes)
    {
        buffer.Add(_beforeDescription).AddJson(description).Add(_beforeFiredTimes);
        if (_rest is not null)
            buffer.Add(firedTimes).Add(_rest);
    }
}
