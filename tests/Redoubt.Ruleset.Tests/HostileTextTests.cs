using System.Text;
using System.Text.Json;
using Redoubt.App.Rules.Testing;

namespace Redoubt.Tests.Ruleset;

/// <summary>Texts that a client chooses so that a third party is blocked in its place. None may succeed, and the source must
/// be found all the same, except where a line can honestly be read in two ways.</summary>
public sealed class HostileTextTests
{
    private static readonly (string Source, string Victim)[] Parties =
    [
        ("198.51.100.66", "203.0.113.9"),
        ("2001:db8::66", "2001:db8:bad::9"),
        ("198.51.100.66", "2001:db8:bad::9"),
        ("2001:db8::66", "203.0.113.9"),
    ];

    private static readonly IReadOnlyList<string> Texts = [.. ShippedFiles.Lines("hostile/texts.jsonl").Select(ReadText)];

    public static TheoryData<string> Messages() => [.. ShippedFiles.HostileMessages()];

    [Theory, MemberData(nameof(Messages))]
    public void No_text_of_the_clients_makes_a_third_party_the_source(string line)
    {
        var message = HostileMessage.Parse(line);
        var engine = ShippedRuleset.NewEngine();
        var failures = new List<string>();
        foreach (var (source, victim) in Parties)
        {
            var texts = Texts.Select(text => text.Replace("{victim}", victim, StringComparison.Ordinal)).Concat(message.Imitations(victim));
            foreach (var text in texts)
            {
                engine.Reset();
                var alert = ShippedRuleset.Run(engine, message.Program, Encoding.UTF8.GetBytes(message.With(text, source)));

                var found = alert.TextOf("srcip");
                if (found != source && !(found is null && message.IsAmbiguousWith(text)))
                    failures.Add($"source '{found}' for <{text}>");

                if (message.Rule is { } rule && alert.Rule?.Id != rule)
                    failures.Add($"rule {alert.Rule?.Id} for <{text}>");
            }
        }

        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }

    [Fact]
    public void Invalid_UTF_8_in_a_user_name_hides_nothing()
    {
        byte[] line = [.. "Invalid user "u8, 0xFF, 0xC3, 0x28, 0x00, .. " from 203.0.113.9 port 22 from 198.51.100.66 port 40112"u8];

        var alert = ShippedRuleset.Run(ShippedRuleset.NewEngine(), "sshd", line);

        Assert.Equal(5710, alert.Rule?.Id);
        Assert.Equal("198.51.100.66", alert.TextOf("srcip"));
    }

    [Theory]
    [InlineData("Invalid user ", " from 198.51.100.66 port 40112")]
    [InlineData("Failed password for invalid user ", " from 198.51.100.66 port 40112 ssh2")]
    [InlineData("Connection reset by invalid user ", " 198.51.100.66 port 40112 [preauth]")]
    [InlineData("error: PAM: Authentication failure for illegal user ", " from 198.51.100.66")]
    public void A_name_that_keeps_the_patterns_busy_does_not_hide_its_source(string before, string after)
    {
        foreach (var piece in (string[])[" from 203.0.113.9 port 22", " for", " ", "a", " port 1", "::"])
        {
            var name = string.Concat(Enumerable.Repeat(piece, 60_000 / piece.Length));

            var alert = ShippedRuleset.Run(ShippedRuleset.NewEngine(), "sshd", Encoding.UTF8.GetBytes(before + name + after));

            Assert.True(alert.TextOf("srcip") == "198.51.100.66", $"source '{alert.TextOf("srcip")}' for many <{piece}>");
        }
    }

    private static string ReadText(string line)
    {
        using var document = JsonDocument.Parse(line);
        return document.RootElement.GetProperty("text").GetString()!;
    }
}
