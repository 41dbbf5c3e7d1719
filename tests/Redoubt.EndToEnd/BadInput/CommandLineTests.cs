using System.Text.Json;
using Redoubt.Lab;

namespace Redoubt.Tests.EndToEnd.BadInput;

/// <summary>The command line's answers to what is wrong; needs neither root nor a lab, for nothing is started.</summary>
public sealed class CommandLineTests : IDisposable
{
    private const int Refused = 1;
    private const int Usage = 2;
    private const int Unreachable = 3;

    private readonly string _home = Directory.CreateTempSubdirectory("redoubt-test-").FullName;

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Theory]
    [InlineData("<global>\n<jsonout>yes</jsonout>\n</global>", 3, "jsonout")]
    [InlineData("<global>\n\n<logall>perhaps</logall>\n</global>", 4, "logall")]
    [InlineData("<active-response>\n<command>nowhere</command>\n<location>local</location>\n</active-response>", 2, "nowhere")]
    [InlineData("<command>\n<name>x</name>\n<executable>../../bin/sh</executable>\n</command>", 4, "../../bin/sh")]
    public async Task A_configuration_error_is_told_with_file_and_line_and_stops_the_manager(string section, int line, string names)
    {
        Configure(section);

        var check = await Checkout.RunRedoubtAsync("check", "--home", _home);
        Assert.True(check.ExitCode == Refused, $"Expected 'redoubt check' to end with 1: {check}");
        Assert.Matches($@"redoubt\.conf:{line}\b", check.Output);
        Assert.Contains(names, check.Output, StringComparison.Ordinal);

        var manager = await Checkout.RunRedoubtAsync("manager", "--home", _home, "--listen", "127.0.0.1:7514");
        Assert.True(manager.ExitCode == Refused, $"Expected the manager to end with 1: {manager}");
        Assert.Matches($@"redoubt\.conf:{line}\b", manager.Error);
        Assert.DoesNotContain("ready", manager.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_errors_are_told_at_once_and_as_json_for_programs()
    {
        Configure("<global>\n<one>1</one>\n<two>2</two>\n</global>");

        var check = await Checkout.RunRedoubtAsync("check", "--home", _home, "--json");

        Assert.Equal(Refused, check.ExitCode);
        var lines = check
            .Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(l => JsonSerializer.Deserialize<JsonElement>(l))
            .Where(d => d.GetProperty("severity").GetString() == "error")
            .Select(d => d.GetProperty("line").GetInt32());
        Assert.Equal([3, 4], lines);
    }

    [Fact]
    public async Task A_home_that_is_no_folder_is_not_an_empty_one()
    {
        var file = Path.Combine(_home, "a-file");
        await File.WriteAllTextAsync(file, string.Empty);

        foreach (var home in (string[])[file, Path.Combine(_home, "mistyped")])
        {
            var check = await Checkout.RunRedoubtAsync("check", "--home", home);
            Assert.True(check.ExitCode == Unreachable, $"Expected 3: {check}");
            Assert.Contains($"There is no folder '{home}'", check.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_message_names_the_whole_verb()
    {
        var result = await Checkout.RunRedoubtAsync("blocks", "list", "--home", _home);

        Assert.StartsWith("redoubt blocks list: ", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("blok")]
    [InlineData("blocks", "list", "--nonsense")]
    [InlineData("blocks", "remove")]
    [InlineData("alerts", "search", "--rule", "ssh")]
    [InlineData("alerts", "search", "--level", "9-3")]
    [InlineData("alerts", "search", "--since", "yesterday")]
    [InlineData("alerts", "search", "--limit", "many")]
    [InlineData("alerts", "show")]
    public async Task A_command_line_that_makes_no_sense_ends_with_2(params string[] words)
    {
        var result = await Checkout.RunRedoubtAsync(words);

        Assert.True(result.ExitCode == Usage, $"Expected 2: {result}");
    }

    [Theory]
    [InlineData("status")]
    [InlineData("blocks", "list")]
    [InlineData("agents", "list")]
    [InlineData("alerts", "search")]
    [InlineData("alerts", "show", "1795515330.10452")]
    [InlineData("reload")]
    public async Task A_manager_that_is_not_there_ends_with_3_and_one_message(params string[] words)
    {
        Configure(string.Empty);

        var result = await Checkout.RunRedoubtAsync([.. words, "--home", _home]);

        Assert.True(result.ExitCode == Unreachable, $"Expected 3: {result}");
        Messages.AssertShort(result.Error);
    }

    private void Configure(string section)
    {
        Directory.CreateDirectory(Path.Combine(_home, "etc"));
        File.WriteAllText(Path.Combine(_home, "etc/redoubt.conf"), $"<ossec_config>\n{section}\n</ossec_config>\n");
    }
}
