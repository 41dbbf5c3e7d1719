using System.Text.Encodings.Web;
using System.Text.Json;

namespace Redoubt.App.Rules.Testing;

/// <summary>A message of a daemon's in which <c>{text}</c> is what a client chose and <c>{address}</c> where it came from.</summary>
internal sealed class HostileMessage
{
    private const string TextPlace = "{text}";
    private const string AddressPlace = "{address}";

    private HostileMessage(JsonElement json)
    {
        Name = json.GetProperty("name").GetString()!;
        Program = json.TryGetProperty("program", out var program) ? program.GetString() : null;
        Line = json.GetProperty("line").GetString()!;
        Rule = json.TryGetProperty("rule", out var rule) ? rule.GetInt32() : null;
        EscapesJson = json.TryGetProperty("escape", out var escape) && escape.GetString() == "json";
        MayNameNoSource = json.TryGetProperty("unnamed", out var unnamed) && unnamed.GetBoolean();
        AmbiguousWords = json.TryGetProperty("unnamed_if", out var words) ? words.GetString() : null;
    }

    public string Name { get; }

    public string? Program { get; }

    /// <summary>The message with both places open.</summary>
    public string Line { get; }

    /// <summary>The rule it ends in whatever the text is, or null where the text has a say in it.</summary>
    public int? Rule { get; }

    private bool EscapesJson { get; }

    private bool MayNameNoSource { get; }

    private string? AmbiguousWords { get; }

    public static HostileMessage Parse(string line)
    {
        using var document = JsonDocument.Parse(line);
        return new HostileMessage(document.RootElement);
    }

    /// <summary>The line that the daemon writes.</summary>
    public string With(string text, string address)
    {
        var written = EscapesJson ? JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString() : text;
        var parts = Line.Replace(AddressPlace, address, StringComparison.Ordinal).Split(TextPlace);
        return string.Join(written, parts);
    }

    /// <summary>Whether a line with this text could be read in two ways, so that it may name no source.</summary>
    public bool IsAmbiguousWith(string text) =>
        MayNameNoSource || (AmbiguousWords is not null && text.Contains(AmbiguousWords, StringComparison.Ordinal));

    /// <summary>Texts that imitate this very message, or what follows the text in it, with the victim as its source.</summary>
    public IEnumerable<string> Imitations(string victim)
    {
        var imitated = Line.Replace(AddressPlace, victim, StringComparison.Ordinal);
        var rest = imitated[(imitated.IndexOf(TextPlace, StringComparison.Ordinal) + TextPlace.Length)..]
            .Replace(TextPlace, "x", StringComparison.Ordinal);
        var whole = imitated.Replace(TextPlace, "x", StringComparison.Ordinal);
        return [whole, rest, "x" + rest, "x" + rest + rest, $"x{rest} ", $"x {whole} y"];
    }
}
