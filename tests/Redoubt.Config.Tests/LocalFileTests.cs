using System.Text;
using Redoubt.Config;
using Redoubt.Model;

namespace Redoubt.Tests.Config;

public class LocalFileTests
{
    private const string File = "<log_format>json</log_format><location>/var/log/app.json</location>";

    [Fact]
    public void A_journal_section_has_conditions_and_each_section_counts()
    {
        var files = Read(
            """
            <localfile><log_format>journald</log_format><filter field="_SYSTEMD_UNIT">^ssh.service$|cron\.service</filter><filter field="PRIORITY" ignore_if_missing="yes">^[0-4]$</filter></localfile>
            <localfile><log_format>journald</log_format><location>journald</location><filter field="SYSLOG_IDENTIFIER">^sshd$</filter></localfile>
            """,
            out var diagnostics
        );

        Assert.Empty(diagnostics.All);
        Assert.All(files, f => Assert.Equal("journald", f.Location));
        Assert.Equal(
            [new("_SYSTEMD_UNIT", "^ssh.service$|cron\\.service", false), new JournalFilterOptions("PRIORITY", "^[0-4]$", true)],
            files[0].JournalFilters
        );
        Assert.Equal([new JournalFilterOptions("SYSLOG_IDENTIFIER", "^sshd$", false)], files[1].JournalFilters);
    }

    [Fact]
    public void Labels_have_keys_and_hidden_ones_are_left_out()
    {
        var file = Assert.Single(
            Read(
                $"<localfile>{File}<label key=\"env\">live</label><label key=\"a.b\">x y</label><label key=\"_hidden\">z</label></localfile>",
                out _
            )
        );

        Assert.Equal([new("env", "live"), new LabelOptions("a.b", "x y")], file.Labels);
    }

    [Theory]
    [InlineData("90", 90)]
    [InlineData("30d", 30 * 86_400)]
    [InlineData("2w", 14 * 86_400)]
    public void Age_is_a_time(string text, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Assert.Single(Read($"<localfile>{File}<age>{text}</age></localfile>", out _)).Age);

    [Theory]
    [InlineData("<query>*[System]</query>")]
    [InlineData("<reconnect_time>5s</reconnect_time>")]
    [InlineData("<only-future-events max-size=\"10MB\">no</only-future-events>")]
    public void What_has_no_effect_here_is_noted(string element)
    {
        Assert.Single(Read($"<localfile>{File}{element}</localfile>", out var diagnostics));

        Assert.Equal(("CONF0004", Severity.Note), (Assert.Single(diagnostics.All).Code, diagnostics.All[0].Severity));
    }

    private static IReadOnlyList<LocalFileOptions> Read(string sections, out DiagnosticBag diagnostics)
    {
        diagnostics = new DiagnosticBag();
        var bytes = Encoding.UTF8.GetBytes($"<redoubt_config>{sections}</redoubt_config>");
        return ConfigurationReader.Read(bytes, "redoubt.conf", diagnostics).LocalFiles;
    }
}
