namespace Redoubt.Tests.Tools.Rules;

public class ShippedRulesTests
{
    private static readonly string Root = FindRoot();

    [Fact]
    public async Task The_page_of_the_documentation_says_what_the_rules_cover_now()
    {
        var made = (await Tool.RunAsync("rules", "coverage", "--tests", Path.Combine(Root, "ruleset/tests"), "--markdown")).Ends(0).Output;
        var page = Path.Combine(Root, "docs/reference/coverage.md");
        if (Environment.GetEnvironmentVariable("REDOUBT_GOLDEN") == "1")
            await File.WriteAllTextAsync(page, made);

        Assert.Equal(made, await File.ReadAllTextAsync(page));
    }

    [Fact]
    public async Task Each_service_is_an_object_with_its_counts()
    {
        var services = (await Tool.RunAsync("rules", "coverage", "--json")).Ends(0).Objects;

        var sshd = services.Single(s => s.GetProperty("service").GetString() == "sshd");
        Assert.True(sshd.GetProperty("failure").GetInt32() > 2);
        Assert.True(sshd.GetProperty("brute_force").GetInt32() > 2);
        Assert.Equal(0, sshd.GetProperty("tests").GetInt32());
        Assert.Equal(services.Count, services.Select(s => s.GetProperty("service").GetString()).Distinct().Count());
    }

    [Fact]
    public async Task Three_hundred_texts_for_each_message_name_no_third_party()
    {
        var result = (await Tool.RunAsync("rules", "test", "--hostile", "300", Path.Combine(Root, "ruleset/tests/hostile"), "--json")).Ends(
            0
        );

        var messages = result.Objects;
        Assert.True(messages.Count > 300);
        Assert.All(messages, m => Assert.Equal(0, m.GetProperty("third_party").GetInt32()));

        // Some messages never name a source, and some texts make a line that can be read in two ways; mostly an attacker cannot hide behind them.
        var (named, texts) = (messages.Sum(m => m.GetProperty("named").GetInt64()), messages.Sum(m => m.GetProperty("texts").GetInt64()));
        Assert.True(named > texts * 0.85, $"{named} of {texts} lines name their source.");
    }

    [Fact]
    public async Task Rules_that_read_a_source_where_a_client_writes_are_found_out()
    {
        var folder = Directory.CreateTempSubdirectory("rdt-naive-");
        try
        {
            File.WriteAllText(
                Path.Combine(folder.CreateSubdirectory("decoders").FullName, "d.xml"),
                """
                <decoder name="sshd"><program_name>^sshd</program_name></decoder>
                <decoder name="sshd-left"><parent>sshd</parent><regex type="pcre2">(?:^|\D)(\d+\.\d+\.\d+\.\d+|2001:[0-9a-f:]+)</regex><order>srcip</order></decoder>
                """
            );
            File.WriteAllText(
                Path.Combine(folder.CreateSubdirectory("rules").FullName, "r.xml"),
                """<group name="a,"><rule id="100001" level="5"><decoded_as>sshd</decoded_as><description>d</description></rule></group>"""
            );

            var result = (
                await Tool.RunAsync(
                    "rules",
                    "test",
                    "--hostile",
                    "200",
                    Path.Combine(Root, "ruleset/tests/hostile/messages.jsonl"),
                    "--decoders",
                    Path.Combine(folder.FullName, "decoders"),
                    "--rules",
                    Path.Combine(folder.FullName, "rules")
                )
            ).Ends(1);

            Assert.Contains("203.0.113.9", result.Output, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("0")]
    [InlineData("many")]
    public async Task The_number_of_texts_is_a_number(string number) =>
        (await Tool.RunAsync("rules", "test", "--hostile", number, "x")).Ends(2);

    [Fact]
    public async Task Tests_that_are_not_there_are_told() => (await Tool.RunAsync("rules", "coverage", "--tests", "/nowhere")).Ends(3);

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Redoubt.slnx")))
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("The tests do not stand in a checkout.");

        return folder;
    }
}
