using System.Text;
using System.Text.Json;
using Redoubt.Patterns;

namespace Redoubt.Tests.Conformance;

public class PatternVectorTests
{
    [Fact]
    public void Every_pattern_vector_gives_what_the_original_library_gives()
    {
        var disagreements = new List<string>();
        var total = 0;
        foreach (var row in ConformanceData.Rows(ConformanceData.Path("os_regex.jsonl")))
        {
            total++;
            if (Check(row) is { } problem)
                disagreements.Add(
                    $"{row.GetProperty("id")} {row.GetProperty("engine")} {PatternOf(row)} on {row.GetProperty("input")}: {problem}"
                );
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{total - disagreements.Count} of {total} vectors agree");
        Assert.True(
            disagreements.Count == 0,
            $"{total - disagreements.Count} of {total} agree\n" + string.Join('\n', disagreements.Take(40))
        );
    }

    private static string? Check(JsonElement row)
    {
        var input = Bytes(row.GetProperty("input").GetString()!);
        var pattern = Bytes(PatternOf(row));
        var hasObserved = row.TryGetProperty("observed", out var observed);
        switch (row.GetProperty("engine").GetString())
        {
            case "strisnum":
                return Same(row.GetProperty("match").GetBoolean(), AsciiDigits.IsNumber(input));
            case "wordmatch":
                return Same(observed.GetProperty("match").GetBoolean(), new WordMatch(pattern).IsMatch(input));
            case "osmatch":
                var osMatch = OsMatch.Parse(pattern, out _);
                return Same(observed.GetProperty("match").GetBoolean(), osMatch?.IsMatch(input) ?? false);
            default:
                return hasObserved ? CheckRegex(row, observed, pattern, input) : RunOnly(pattern, input);
        }
    }

    // Where the original crashes there is nothing to compare: ours must only not crash.
    private static string? RunOnly(byte[] pattern, byte[] input)
    {
        OsRegex.Parse(pattern, out _)?.TryMatch(input, new Capture[16], out _, out _);
        return null;
    }

    private static string? CheckRegex(JsonElement row, JsonElement observed, byte[] pattern, byte[] input)
    {
        var regex = OsRegex.Parse(pattern, out _);
        if (observed.TryGetProperty("compile", out var compiles) && !compiles.GetBoolean())
            return regex is null ? null : "compiles but should not";

        if (regex is null)
            return "does not compile";

        var captures = new Capture[64];
        var wantsCaptures = observed.TryGetProperty("captures", out var wanted);
        int count = 0,
            next;
        var matches = wantsCaptures ? regex.TryMatch(input, captures, out count, out next) : regex.TryFindEnd(input, out next);
        if (matches != observed.GetProperty("match").GetBoolean())
            return $"match is {matches}";

        if (!matches)
            return null;

        if (observed.TryGetProperty("end", out var end) && end.GetString() is { } endText)
        {
            var actual = Text(input.AsSpan(Math.Max(0, next - 1)));
            if (next > 0 && next < input.Length && actual != endText)
                return $"end is '{actual}', not '{endText}'";
        }

        if (!wantsCaptures)
            return null;

        var texts = captures.Take(count).Select(c => Text(input.AsSpan(c.Start, c.Length))).ToArray();
        var wantedTexts = wanted.EnumerateArray().Select(c => c.GetString()!).ToArray();
        return texts.SequenceEqual(wantedTexts) ? null : $"captures are [{string.Join("|", texts)}], not [{string.Join("|", wantedTexts)}]";
    }

    private static string PatternOf(JsonElement row)
    {
        if (row.TryGetProperty("pattern", out var pattern))
            return pattern.GetString()!;

        if (!row.TryGetProperty("pattern_repeat", out var repeat))
            return string.Empty;

        return repeat.ValueKind == JsonValueKind.Array
            ? string.Concat(Enumerable.Repeat(repeat[0].GetString()!, repeat[1].GetInt32()))
            : repeat.GetString()!;
    }

    private static string? Same(bool wanted, bool actual) => wanted == actual ? null : $"match is {actual}";

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);
}
