using System.Text.Json;

namespace Redoubt.Respond.Scripts;

/// <summary>What the arguments of a response say of an alert, taken from its document.</summary>
/// <remarks>Text of attackers: nothing here is trusted or shortened, only what no argument can hold is replaced.</remarks>
internal sealed record AlertFacts
{
    /// <summary>Agent's id; empty when the document names none.</summary>
    public string AgentId { get; init; } = "";

    /// <summary>Agent's name.</summary>
    public string AgentName { get; init; } = "";

    /// <summary>The words of the location: for an agent <c>(name)</c> and <c>address->source</c>, for the manager one.</summary>
    public IReadOnlyList<string> Location { get; init; } = [];

    /// <summary>The file that a file integrity event is about; empty for others.</summary>
    public string FileName { get; init; } = "";

    /// <summary>The address as the decoder wrote it; empty for none.</summary>
    public string SourceAddress { get; init; } = "";

    /// <summary>The user that the event is about (<c>dstuser</c>); empty for none.</summary>
    public string User { get; init; } = "";

    /// <summary>Reads them.</summary>
    /// <param name="document">A document that has been checked to be one JSON object; null for none.</param>
    internal static AlertFacts Read(string? document)
    {
        if (document is null)
            return new AlertFacts();

        using var parsed = JsonDocument.Parse(document, new JsonDocumentOptions { MaxDepth = 64 });
        var root = parsed.RootElement;
        var agent = Member(root, "agent");
        var data = Member(root, "data");
        var facts = new AlertFacts
        {
            AgentId = Text(agent, "id"),
            AgentName = Text(agent, "name"),
            FileName = Text(Member(root, "syscheck"), "path"),
            SourceAddress = Source(data),
            User = Text(data, "dstuser"),
        };
        return facts with { Location = LocationOf(facts, Text(root, "location"), Text(agent, "ip")) };
    }

    // active-response.md 2.7: Windows events keep their address elsewhere.
    private static string Source(JsonElement? data)
    {
        var windows = Member(Member(data, "win"), "eventdata");
        return Text(windows, "ipAddress") is { Length: > 0 } address ? address
            : Text(windows, "destinationIp") is { Length: > 0 } destination ? destination
            : Text(data, "srcip");
    }

    private static string[] LocationOf(AlertFacts facts, string location, string address)
    {
        if (location.Length == 0)
            return [];
        if (facts.AgentId.Length == 0 || string.Equals(facts.AgentId, "000", StringComparison.Ordinal))
            return
            [
                facts.AgentName.Length == 0 || location.Contains("->", StringComparison.Ordinal)
                    ? location
                    : $"{facts.AgentName}->{location}",
            ];

        return [$"({facts.AgentName})", $"{(address.Length == 0 ? "any" : address)}->{location}"];
    }

    private static JsonElement? Member(JsonElement? element, string name) =>
        element is { ValueKind: JsonValueKind.Object } parent && parent.TryGetProperty(name, out var member) ? member : null;

    private static string Text(JsonElement? element, string name) => TextOf(Member(element, name));

    /// <summary>The text of a string; empty for anything else.</summary>
    internal static string TextOf(JsonElement? element)
    {
        try
        {
            return element is { ValueKind: JsonValueKind.String } text ? text.GetString() ?? "" : "";
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair has no text.
            return "";
        }
    }
}
