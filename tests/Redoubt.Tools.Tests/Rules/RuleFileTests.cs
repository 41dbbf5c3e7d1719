namespace Redoubt.Tests.Tools.Rules;

/// <summary><c>redoubt rules test</c> on files of both forms.</summary>
public class RuleFileTests : TemporaryFolder
{
    private const string Line = "Nov 24 10:15:29 web01 sshd[811]: Failed password for root from 198.51.100.7 port 4711 ssh2";

    [Fact]
    public async Task The_cases_beside_the_shipped_rules_hold()
    {
        var result = await Tool.RunAsync("rules", "test", Path.Combine(AppContext.BaseDirectory, "cases"));

        Assert.Matches(@"^\d{3,} tests: \d+ passed, 0 failed\n$", result.Ends(0).Output);
    }

    [Fact]
    public async Task A_file_of_Wazuhs_form_is_run()
    {
        var file = Write(
            "ssh.ini",
            $"""
            ; a remark
            # another
            [wrong password]
            log 1 pass = {Line}
            LOG 2 Fail = Nov 24 10:15:29 web01 sshd[811]: Server listening on 0.0.0.0 port 22.
            rule = 5760
            Alert = 5
            decoder = sshd

            [several lines, the last one is judged]
            log 1 pass = Nov 24 10:15:29 web01 sshd[811]: hello
              {Line}
            rule: 5760

            [no decoder]
            log 1 pass = hello
            rule =
            alert =
            decoder =

            [eight times]
            log 1 pass = {string.Join("\n  ", Enumerable.Repeat(Line, 8))}
            rule = 5763
            alert = 10

            """
        );

        Assert.Equal("5 tests: 5 passed, 0 failed\n", (await Tool.RunAsync("rules", "test", file)).Ends(0).Output);
    }

    [Fact]
    public async Task A_failure_shows_what_was_expected_and_what_came()
    {
        var file = Write(
            "ssh.ini",
            $"[wrong]\nlog 1 pass = {Line}\nlog 2 fail = {Line}\nlog 3 pass = hello\nrule = 5760\nalert = 5\ndecoder = sshd\n"
        );

        var result = await Tool.RunAsync("rules", "test", file);

        result.Ends(Refused);
        Assert.Contains(
            $"FAILED {file}:3 [wrong] log 2 fail\n  all is as written, but something must differ\n",
            result.Output,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "  rule: expected 5760, got none\n  level: expected 5, got none\n  decoder: expected sshd, got none\n  line: hello\n",
            result.Output,
            StringComparison.Ordinal
        );
        Assert.EndsWith("3 tests: 1 passed, 2 failed\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Programs_get_an_object_for_each_test_and_a_summary()
    {
        var file = Write("ssh.ini", $"[a]\nlog 1 pass = {Line}\nrule = 1\n");

        var objects = (await Tool.RunAsync("rules", "test", "--json", file)).Ends(Refused).Objects;

        Assert.Equal("test", objects[0].GetProperty("type").GetString());
        Assert.False(objects[0].GetProperty("passed").GetBoolean());
        Assert.Equal(1, objects[0].GetProperty("expected").GetProperty("rule").GetInt32());
        Assert.Equal(5760, objects[0].GetProperty("actual").GetProperty("rule").GetInt32());
        Assert.Equal(1, objects[1].GetProperty("failed").GetInt32());
    }

    [Fact]
    public async Task Each_test_is_a_fresh_run()
    {
        var section = $"log 1 pass = {string.Join("\n  ", Enumerable.Repeat(Line, 7))}\nrule = 5760\n";
        var file = Write("ssh.ini", $"[a]\n{section}[b]\n{section}");

        (await Tool.RunAsync("rules", "test", file)).Ends(0);
    }

    [Theory]
    [InlineData("a.ini", "log 1 pass = x\n", "a.ini:1: this stands before the first [section]")]
    [InlineData("a.ini", "[a]\nnonsense\n", "a.ini:2: this is neither a [section] nor 'key = value'")]
    [InlineData("a.ini", "[a]\nrule = 1\n", "a.ini:1: [a] has no 'log N pass' and no 'log N fail'")]
    [InlineData("a.ini", "[a]\nlog 1 pass =\nrule = 1\n", "a.ini:2: 'log 1 pass' holds no line")]
    [InlineData("a.ini", "\u0000\u0001binary\u0002", "a.ini:1: this is neither")]
    [InlineData("a.jsonl", "{\"name\":\"x\",\"line\":\"y\"}\n", "a.jsonl:1: this is no case of a rule")]
    [InlineData("a.jsonl", "{\"name\":\"x\",\"line\":\"y\",\"rule\":1,\"levle\":1}\n", "'levle' is no key")]
    [InlineData("a.jsonl", "\n\n[1\n", "a.jsonl:3: this is no case of a rule")]
    public async Task A_file_that_is_wrong_is_told_with_its_line(string name, string text, string message)
    {
        var result = await Tool.RunAsync("rules", "test", Write(name, text));

        result.Ends(Refused);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_text_is_told()
    {
        var result = await Tool.RunAsync("rules", "test", Write("a.ini", [(byte)'[', 0xFF, 0xFE, 0xC3, (byte)']']));

        Assert.Contains("is no text in UTF-8", result.Ends(Refused).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_without_tests_is_told()
    {
        Write("empty/readme.md", "nothing");

        Assert.Contains(
            "holds no .ini",
            (await Tool.RunAsync("rules", "test", At("empty"))).Ends(Unreachable).Error,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_key_that_means_nothing_is_told_and_passed_over()
    {
        var result = await Tool.RunAsync("rules", "test", Write("a.ini", $"[a]\nlog 1 pass = {Line}\nruel = 1\n"));

        Assert.Contains("a.ini:3: 'ruel' is no key", result.Ends(0).Error, StringComparison.Ordinal);
    }
}
