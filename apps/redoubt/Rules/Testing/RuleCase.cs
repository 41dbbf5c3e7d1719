using System.Text;
using System.Text.Json;

namespace Redoubt.App.Rules.Testing;

/// <summary>One case of <c>ruleset/tests/*.jsonl</c>; the keys are described in the README beside them.</summary>
/// <remarks>An unknown or wrongly typed key is an error of the file, so that a misspelt expectation is not silently dropped.</remarks>
internal sealed class RuleCase
{
    private static readonly string[] Keys =
    [
        "name",
        "program",
        "line",
        "lines",
        "times",
        "every",
        "arrivals",
        "rule",
        "level",
        "rules",
        "decoder",
        "fields",
        "absent",
        "near",
    ];

    private RuleCase(JsonElement json)
    {
        foreach (var member in json.EnumerateObject())
        {
            if (!Keys.Contains(member.Name, StringComparer.Ordinal))
                throw new InvalidDataException($"'{member.Name}' is no key of a case.");
        }

        Name = json.GetProperty("name").GetString()!;
        Program = Text(json, "program");
        Lines = ReadLines(json);
        Arrivals = ReadArrivals(json, Lines.Count);
        Rules = ReadRules(json, Lines.Count);
        JudgesDecoder = json.TryGetProperty("decoder", out _);
        Decoder = Text(json, "decoder");
        Level = Number(json, "level");
        Near = Number(json, "near");
        Fields = json.TryGetProperty("fields", out var fields)
            ? [.. fields.EnumerateObject().Select(field => KeyValuePair.Create(field.Name, field.Value.GetString()!))]
            : [];
        Absent = json.TryGetProperty("absent", out var absent) ? [.. absent.EnumerateArray().Select(name => name.GetString()!)] : [];
    }

    internal string Name { get; }

    /// <summary>Program of the lines, or null when they stand without a header.</summary>
    internal string? Program { get; }

    internal IReadOnlyList<byte[]> Lines { get; }

    /// <summary>Seconds at which the lines arrive.</summary>
    internal IReadOnlyList<int> Arrivals { get; }

    /// <summary>The wanted rule of each line; null where none is wanted; missing where it is not judged.</summary>
    internal IReadOnlyDictionary<int, int?> Rules { get; }

    internal int? Level { get; }

    internal bool JudgesDecoder { get; }

    internal string? Decoder { get; }

    internal IReadOnlyList<KeyValuePair<string, string>> Fields { get; }

    internal IReadOnlyList<string> Absent { get; }

    /// <summary>The rule that the last line just misses, or null.</summary>
    internal int? Near { get; }

    internal static RuleCase Parse(string line)
    {
        using var document = JsonDocument.Parse(line);
        return new RuleCase(document.RootElement);
    }

    private static List<byte[]> ReadLines(JsonElement json)
    {
        if (json.TryGetProperty("lines", out var lines))
            return [.. lines.EnumerateArray().Select(line => Encoding.UTF8.GetBytes(line.GetString()!))];

        var text = Encoding.UTF8.GetBytes(json.GetProperty("line").GetString()!);
        return [.. Enumerable.Repeat(text, Number(json, "times") ?? 1)];
    }

    private static List<int> ReadArrivals(JsonElement json, int count)
    {
        if (!json.TryGetProperty("arrivals", out var arrivals))
            return [.. Enumerable.Range(0, count).Select(i => i * (Number(json, "every") ?? 0))];

        List<int> seconds = [.. arrivals.EnumerateArray().Select(second => second.GetInt32())];
        return seconds.Count == count ? seconds : throw new InvalidDataException("'arrivals' needs one number a line.");
    }

    private static Dictionary<int, int?> ReadRules(JsonElement json, int count)
    {
        if (json.TryGetProperty("rules", out var rules))
        {
            var wanted = rules.EnumerateArray().Select(OptionalNumber).ToList();
            return wanted.Count == count
                ? wanted.Index().ToDictionary(rule => rule.Index, rule => rule.Item)
                : throw new InvalidDataException("'rules' needs one number a line.");
        }

        return new Dictionary<int, int?> { [count - 1] = OptionalNumber(json.GetProperty("rule")) };
    }

    private static int? OptionalNumber(JsonElement value) => value.ValueKind == JsonValueKind.Null ? null : value.GetInt32();

    private static int? Number(JsonElement json, string key) => json.TryGetProperty(key, out var value) ? value.GetInt32() : null;

    private static string? Text(JsonElement json, string key) => json.TryGetProperty(key, out var value) ? value.GetString() : null;
}
