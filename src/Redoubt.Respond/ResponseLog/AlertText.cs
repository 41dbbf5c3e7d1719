using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Redoubt.Respond;

/// <summary>Writes an alert that came from elsewhere as one line of JSON of bounded size.</summary>
/// <remarks>
/// Everything is read and written anew, so no newline, control character or half a character of the sender's reaches the log.
/// Too long: <c>previous_output</c> goes first, then the end of <c>full_log</c>, then every member over 4 KiB (the source address stays);
/// the last member then is <c>"truncated":true</c>.
/// </remarks>
internal static class AlertText
{
    private const int MaxMemberBytes = 4 * 1024;

    // Room for the mark of truncation and the ends of strings.
    private const int ReserveBytes = 64;

    internal static readonly JsonWriterOptions WriterOptions = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = false,
    };

    private static readonly JsonDocumentOptions ReadOptions = new() { MaxDepth = 64 };

    /// <summary>Whether text is one JSON object that can be written.</summary>
    internal static bool IsObject(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, ReadOptions);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
        catch (ArgumentException)
        {
            // Half of a surrogate pair in the text itself: it has no UTF-8 form.
            return false;
        }
    }

    /// <summary>The alert in at most the given number of bytes.</summary>
    /// <param name="alert">Text that <see cref="IsObject"/> has accepted, or null for <c>{}</c>.</param>
    /// <param name="maxBytes">At least 1,024.</param>
    internal static byte[] Write(string? alert, int maxBytes)
    {
        if (alert is null)
            return "{}"u8.ToArray();

        using var document = JsonDocument.Parse(alert, ReadOptions);
        var root = document.RootElement;
        var whole = Render(root, (_, _) => true, null, isTruncated: false);
        if (whole.Length <= maxBytes)
            return whole;

        var withoutPrevious = Render(root, (name, _) => !IsPreviousOutput(name), null, isTruncated: true);
        if (withoutPrevious.Length <= maxBytes)
            return withoutPrevious;

        if (TryShorten(root, withoutPrevious.Length - maxBytes, out var fullLog))
            return Render(root, (name, _) => !IsPreviousOutput(name), fullLog, isTruncated: true);

        return RenderSmallMembers(root, maxBytes);
    }

    private static bool IsPreviousOutput(string name) => string.Equals(name, "previous_output", StringComparison.Ordinal);

    private static bool TryShorten(JsonElement root, int excessBytes, out string fullLog)
    {
        fullLog = "";
        if (!root.TryGetProperty("full_log", out var member) || member.ValueKind != JsonValueKind.String)
            return false;

        var encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        var text = Encoding.UTF8.GetBytes(TextOf(member));
        var room = JsonEncodedText.Encode(text, encoder).EncodedUtf8Bytes.Length - excessBytes - ReserveBytes;
        if (room < 0)
            return false;

        // The encoder stops before the first character that no longer fits, never inside one.
        encoder.EncodeUtf8(text, new byte[room], out var kept, out _, isFinalBlock: false);
        fullLog = Encoding.UTF8.GetString(text.AsSpan(0, kept));
        return true;
    }

    private static byte[] RenderSmallMembers(JsonElement root, int maxBytes)
    {
        var left = maxBytes - ReserveBytes - (2 * MaxMemberBytes);
        return Render(
            root,
            (name, member) =>
            {
                if (IsPreviousOutput(name) || Encoding.UTF8.GetByteCount(name) > 256)
                    return false;

                // Written anew a member can only grow by what escaping adds; six bytes for one is the most.
                var bytes = 6 * (member.GetRawText().Length + name.Length);
                if (bytes > MaxMemberBytes || bytes > left)
                    return false;

                left -= bytes;
                return true;
            },
            null,
            isTruncated: true,
            keepSource: true
        );
    }

    private static byte[] Render(
        JsonElement root,
        Func<string, JsonElement, bool> keeps,
        string? fullLog,
        bool isTruncated,
        bool keepSource = false
    )
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions))
        {
            writer.WriteStartObject();
            foreach (var member in root.EnumerateObject())
            {
                var name = NameOf(member);
                if (string.Equals(name, "truncated", StringComparison.Ordinal) && isTruncated)
                    continue;

                if (keeps(name, member.Value))
                {
                    writer.WritePropertyName(name);
                    if (fullLog is not null && string.Equals(name, "full_log", StringComparison.Ordinal))
                        writer.WriteStringValue(fullLog);
                    else
                        Copy(member.Value, writer);
                }
                else if (keepSource && string.Equals(name, "data", StringComparison.Ordinal))
                {
                    WriteSource(member.Value, writer);
                }
            }

            if (isTruncated)
                writer.WriteBoolean("truncated", true);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteSource(JsonElement data, Utf8JsonWriter writer)
    {
        if (
            data.ValueKind != JsonValueKind.Object
            || !data.TryGetProperty("srcip", out var source)
            || source.ValueKind != JsonValueKind.String
            || source.GetRawText().Length > 64
        )
            return;

        writer.WriteStartObject("data");
        writer.WriteString("srcip", TextOf(source));
        writer.WriteEndObject();
    }

    private static void Copy(JsonElement element, Utf8JsonWriter writer)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in element.EnumerateObject())
                {
                    writer.WritePropertyName(NameOf(member));
                    Copy(member.Value, writer);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                    Copy(item, writer);
                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(TextOf(element));
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }

    /// <summary>The text of a string; an escape that stands for half a surrogate pair has no text, so the escape itself is kept.</summary>
    private static string TextOf(JsonElement text)
    {
        try
        {
            return text.GetString() ?? "";
        }
        catch (InvalidOperationException)
        {
            return text.GetRawText().Trim('"');
        }
    }

    private static string NameOf(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            return "unreadable";
        }
    }
}
