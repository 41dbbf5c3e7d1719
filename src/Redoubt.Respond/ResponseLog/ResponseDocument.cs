using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Redoubt.Respond;

/// <summary>The JSON documents of one response, each in one line (active response of Wazuh 4.2 and later, version 1).</summary>
internal static class ResponseDocument
{
    /// <summary>The longest document.</summary>
    internal const int MaxBytes = 64 * 1024;

    // Room for everything around the alert but the arguments.
    private const int FrameBytes = 4 * 1024;
    private const int MaxArgumentsBytes = 16 * 1024;

    /// <summary>What the executor hands to a response: the alert with a command word.</summary>
    /// <param name="entry">What it is about.</param>
    /// <param name="command"><c>add</c>, <c>continue</c>, <c>abort</c> or <c>delete</c>.</param>
    /// <param name="alert">The alert as JSON, see <see cref="AlertBytes"/>.</param>
    internal static byte[] Command(ResponseEntry entry, string command, ReadOnlySpan<byte> alert)
    {
        var buffer = new ArrayBufferWriter<byte>(alert.Length + FrameBytes);
        using (var writer = new Utf8JsonWriter(buffer, AlertText.WriterOptions))
        {
            Begin(writer, entry.OriginName, "wazuh-execd", command);
            writer.WriteStartObject("parameters");
            WriteArguments(writer, entry.ExtraArguments);
            writer.WritePropertyName("alert");
            writer.WriteRawValue(alert, skipInputValidation: true);
            writer.WriteString("program", ProgramPath(entry.Program));
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The alert so short that the document around it stays within its limit.</summary>
    internal static byte[] AlertBytes(ResponseEntry entry) =>
        AlertText.Write(entry.AlertDocument, MaxBytes - FrameBytes - MaxArgumentsBytes);

    /// <summary>What a response asks its executor: is this key being worked on already?</summary>
    internal static byte[] CheckKeys(ResponseEntry entry)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, AlertText.WriterOptions))
        {
            Begin(writer, entry.Program, "active-response", "check_keys");
            writer.WriteStartObject("parameters");
            writer.WriteStartArray("keys");
            writer.WriteStringValue(entry.Target);
            writer.WriteEndArray();
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>How the response ended.</summary>
    /// <param name="entry">What it was about.</param>
    /// <param name="now">The time, for the end of the block.</param>
    internal static byte[] Result(ResponseEntry entry, DateTimeOffset now)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, AlertText.WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteNumber("version", 1);
            writer.WriteString("command", "result");
            writer.WriteString("action", WordOf(entry.Action));
            writer.WriteString("status", StatusOf(entry));
            writer.WriteString("target", entry.Target);
            WriteTextOrNull(writer, "alert_id", entry.AlertId);
            WriteTextOrNull(writer, "rule_id", entry.RuleId > 0 ? entry.RuleId.ToString(CultureInfo.InvariantCulture) : null);
            WriteEnd(writer, entry.RemainingMilliseconds, now);
            writer.WriteNumber("duration_ms", Math.Round(entry.Took.TotalMilliseconds, 3));
            WriteTextOrNull(writer, "error", entry.Error);
            if (entry.IsResultOnly)
                WriteProgram(writer, entry);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>What the enforcer had to put back after others had changed the firewall.</summary>
    internal static byte[] Repair(Keeping.Incident incident)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, AlertText.WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteNumber("version", 1);
            writer.WriteString("command", "repair");
            writer.WriteString("status", incident.Lost > 0 ? "failed" : "ok");
            writer.WriteNumber("restored", incident.Restored);
            writer.WriteNumber("lost", incident.Lost);
            writer.WriteString("what", incident.Text);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The path that the decoders know: relative to the home, with forward slashes.</summary>
    internal static string ProgramPath(string program) => "active-response/bin/" + program;

    private static void Begin(Utf8JsonWriter writer, string origin, string module, string command)
    {
        writer.WriteStartObject();
        writer.WriteNumber("version", 1);
        writer.WriteStartObject("origin");
        writer.WriteString("name", origin);
        writer.WriteString("module", module);
        writer.WriteEndObject();
        writer.WriteString("command", command);
    }

    private static void WriteArguments(Utf8JsonWriter writer, IReadOnlyList<string> arguments)
    {
        // Arguments that would not fit are left out at the end; the response itself got all of them.
        var left = MaxArgumentsBytes;
        writer.WriteStartArray("extra_args");
        foreach (var argument in arguments)
        {
            left -= (6 * argument.Length) + 3;
            if (left < 0)
                break;
            writer.WriteStringValue(argument);
        }

        writer.WriteEndArray();
    }

    private static void WriteEnd(Utf8JsonWriter writer, long remainingMilliseconds, DateTimeOffset now)
    {
        if (remainingMilliseconds <= 0)
        {
            writer.WriteNull("ttl");
            writer.WriteNull("until");
            return;
        }

        writer.WriteNumber("ttl", (remainingMilliseconds + 999) / 1000);
        var isInCalendar = remainingMilliseconds < (DateTimeOffset.MaxValue - now).TotalMilliseconds;
        WriteTextOrNull(
            writer,
            "until",
            isInCalendar
                ? now.AddMilliseconds(remainingMilliseconds).UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)
                : null
        );
    }

    private static void WriteProgram(Utf8JsonWriter writer, ResponseEntry entry)
    {
        if (entry.ExitCode is { } code)
            writer.WriteNumber("exit_code", code);
        else
            writer.WriteNull("exit_code");
        WriteTextOrNull(writer, "stderr", string.IsNullOrEmpty(entry.ErrorText) ? null : entry.ErrorText);
    }

    private static void WriteTextOrNull(Utf8JsonWriter writer, string name, string? text)
    {
        if (text is null)
            writer.WriteNull(name);
        else
            writer.WriteString(name, text);
    }

    private static string WordOf(ResponseAction action) =>
        action switch
        {
            ResponseAction.Add => "add",
            ResponseAction.Delete => "delete",
            ResponseAction.Refresh => "refresh",
            ResponseAction.Observe => "add",
            _ => "skip",
        };

    private static string StatusOf(ResponseEntry entry) =>
        entry.Action == ResponseAction.Skip ? "whitelisted"
        : entry.Action == ResponseAction.Observe ? "dry-run"
        : entry.Error is null ? "ok"
        : entry.HasTimedOut ? "timeout"
        : "failed";
}
