using System.Globalization;
using System.Text;
using Redoubt.Engine;
using Redoubt.Model;

namespace Redoubt.App.Rules.Testing;

/// <summary>Fills a message with many hostile texts and looks whom the rules take for its source.</summary>
/// <remarks>Cost: about 10 µs a text. Threads: not safe.</remarks>
internal sealed class HostileRun(Ruleset ruleset)
{
    private const int MaxShown = 3;

    private static readonly AgentIdentity Host = new("001", "web01", "192.0.2.5");

    private static readonly (string Source, string Victim)[] Parties =
    [
        ("198.51.100.66", "203.0.113.9"),
        ("2001:db8::66", "2001:db8:bad::9"),
        ("198.51.100.66", "2001:db8:bad::9"),
        ("2001:db8::66", "203.0.113.9"),
    ];

    private readonly AnalysisEngine _engine = new(ruleset, new EngineOptions { HostName = "web01", TesterMode = true });

    /// <summary>Tries so many texts.</summary>
    internal HostileResult Try(HostileMessage message, int texts, int seed)
    {
        var problems = new List<string>();
        long named = 0,
            third = 0,
            unnamed = 0;
        for (var party = 0; party < Parties.Length; party++)
        {
            var (source, victim) = Parties[party];
            var made = new HostileTexts(message, victim, seed + party);
            var count = (texts / Parties.Length) + (party < texts % Parties.Length ? 1 : 0);
            for (var i = 0; i < count; i++)
            {
                var text = made.Next();
                var found = SourceOf(message, text, source);
                if (found == source)
                {
                    named++;
                }
                else if (found is null)
                {
                    unnamed++;
                }
                else
                {
                    third++;
                    if (problems.Count < MaxShown)
                        problems.Add($"source {found} with the text <{text}>");
                }
            }
        }

        return new HostileResult(message.Name, texts, named, third, unnamed, problems);
    }

    // What a response would act on: not where the engine itself says that the line can be read in two ways.
    private string? SourceOf(HostileMessage message, string text, string source)
    {
        var header = message.Program is { } program ? $"Nov 24 10:15:29 web01 {program}[811]: " : string.Empty;
        var alert = _engine
            .Analyse(
                new LogLine
                {
                    Text = Encoding.UTF8.GetBytes(header + message.With(text, source)),
                    ArrivalUnixMilliseconds = 1_795_000_000_000,
                    Agent = Host,
                    Location = "/var/log/test.log",
                }
            )
            .ToAlert();
        var field = alert.ExactField("srcip");
        if (field is null or { ClientText: true } || alert.Suspicion is not null)
            return null;

        var found = Encoding.UTF8.GetString(field.Value);
        return BlockTarget.TryParse(found, out var target) ? target.ToString() : found;
    }
}

/// <summary>What came of one message.</summary>
/// <param name="Name">Of the message.</param>
/// <param name="Texts">Texts tried.</param>
/// <param name="Named">The true source was found.</param>
/// <param name="ThirdParty">Somebody else was taken for it.</param>
/// <param name="Unnamed">Nobody was taken for it, or the line says itself that it can be read in two ways: another line of the connection has to tell.</param>
/// <param name="Problems">The first few third parties.</param>
internal sealed record HostileResult(string Name, int Texts, long Named, long ThirdParty, long Unnamed, IReadOnlyList<string> Problems)
{
    /// <summary>One line of a report.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Name}: {ThirdParty} third parties with {Texts} texts");
}
