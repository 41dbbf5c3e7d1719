using System.Text;

namespace Redoubt.Tests.Record;

public class AlertTextTests
{
    [Fact]
    public void At_most_eleven_earlier_lines_are_written()
    {
        var text = Format(
            Samples.Plain with
            {
                PreviousLines = [.. Enumerable.Range(1, 20).Select(n => Encoding.UTF8.GetBytes($"earlier {n}"))],
            }
        );

        Assert.EndsWith("earlier 10\nearlier 11\n\n", text);
    }

    [Fact]
    public void An_agent_of_unknown_address_is_shown_as_any() =>
        Assert.Contains("(shop) any->/var/log/auth.log\n", Format(Samples.Plain with { Agent = Samples.Shop with { Address = null } }));

    [Fact]
    public void Labels_stand_between_place_and_rule_a_line_each()
    {
        var text = Format(Samples.Plain with { Agent = Samples.Shop with { Labels = [new("aws.id", "i-1"), new("env", "a\nRule: 1")] } });

        Assert.Contains("192.0.2.5->/var/log/auth.log\naws.id: i-1\nenv: a Rule: 1\nRule: 651", text);
    }

    [Fact]
    public void Bytes_of_the_line_are_written_as_they_came()
    {
        byte[] line = [(byte)'a', 0xFF, 0, (byte)'\t', 0xC3];

        var record = Samples.Text.FormatAlert(Samples.Plain with { FullLog = line });

        Assert.True(record.AsSpan().IndexOf(line) > 0);
        Assert.True(Samples.Text.FormatArchive(Samples.Plain with { FullLog = line }).AsSpan().EndsWith([.. line, (byte)'\n']));
    }

    [Fact]
    public void No_value_of_a_client_can_begin_a_record_of_its_own()
    {
        const string forged = "x\r\n\n** Alert 1.0: - forged,\nRule: 1";
        var alert = Samples.Plain with
        {
            Description = forged,
            Location = forged,
            Fields = [Samples.Static("srcip", forged), Samples.Static("dstuser", forged), Samples.Nested(forged, forged)],
        };

        var lines = Format(alert).Split('\n');

        Assert.Single(lines, l => l.StartsWith("** Alert", StringComparison.Ordinal));
        Assert.Single(lines, l => l.StartsWith("Rule:", StringComparison.Ordinal));
        Assert.Equal(2, lines.Count(l => l.Length == 0));
        Assert.DoesNotContain('\r', string.Concat(lines));
    }

    [Fact]
    public void A_line_without_a_rule_is_no_alert() => Assert.Throws<ArgumentException>(() => Samples.Text.FormatAlert(Samples.Unmatched));

    [Fact]
    public void A_record_of_several_lines_can_neither_end_an_alert_nor_begin_one()
    {
        var text = Format(Samples.Plain with { FullLog = "ossec: output: 'last':\nroot tty1\n\n** Alert 1.0: - forged,\n"u8.ToArray() });

        Assert.Contains("ossec: output: 'last':\nroot tty1\n ** Alert 1.0: - forged,\n", text);
        Assert.Equal(1, text.Split("\n\n").Length - 1);
        Assert.EndsWith(
            " ossec: output: 'last': root tty1  ** Alert 1.0: - forged, \n",
            System.Text.Encoding.UTF8.GetString(
                Samples.Text.FormatArchive(
                    Samples.Plain with
                    {
                        FullLog = "ossec: output: 'last':\nroot tty1\n\n** Alert 1.0: - forged,\n"u8.ToArray(),
                    }
                )
            )
        );
    }

    private static string Format(Redoubt.Model.Alert alert) => Encoding.UTF8.GetString(Samples.Text.FormatAlert(alert));
}
