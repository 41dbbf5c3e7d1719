using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Redoubt.App.Rules.Testing;

/// <summary>Reads rule tests in our own form: one JSON object a line (ruleset/tests/README.md).</summary>
internal static class JsonTests
{
    private const string Header = "Nov 24 10:15:29 web01 ";

    /// <exception cref="InvalidDataException">The file is wrong; the message names the line.</exception>
    internal static IReadOnlyList<RuleTest> Read(string file, string text)
    {
        var tests = new List<RuleTest>();
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
                continue;

            try
            {
                tests.Add(Make(file, number, RuleCase.Parse(line)));
            }
            catch (Exception e)
                when (e is JsonException or InvalidDataException or InvalidOperationException or KeyNotFoundException or FormatException)
            {
                throw new InvalidDataException(
                    string.Create(CultureInfo.InvariantCulture, $"{file}:{number}: this is no case of a rule: {e.Message}"),
                    e
                );
            }
        }

        return tests;
    }

    private static RuleTest Make(string file, int number, RuleCase rule)
    {
        var header = rule.Program is { } program ? Encoding.UTF8.GetBytes($"{Header}{program}[811]: ") : [];
        return new RuleTest
        {
            File = file,
            Line = number,
            Name = rule.Name,
            Lines = [.. rule.Lines.Select(line => (byte[])[.. header, .. line])],
            Arrivals = rule.Arrivals,
            IsOfAgent = true,
            Rules = rule.Rules,
            JudgesLevel = rule.Level is not null,
            Level = rule.Level,
            Decoder = rule.JudgesDecoder ? rule.Decoder ?? string.Empty : null,
            Fields = rule.Fields,
            Absent = rule.Absent,
            Near = rule.Near,
        };
    }
}
