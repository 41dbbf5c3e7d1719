using System.Text;
using System.Text.Json;
using Redoubt.Respond;

namespace Redoubt.Tests.Respond.ResponseLog;

public class AlertTextTests
{
    private const int Limit = 8 * 1024 + 4 * 1024;

    [Fact]
    public void An_alert_that_fits_keeps_its_members_their_order_and_its_text() =>
        Assert.Equal(
            """{"b":1.50,"a":{"z":null,"y":[true,"<é\uD83D\uDE00&'\n"]},"a2":""}""",
            Text("""{ "b" : 1.50, "a":{"z":null,"y":[true,"<\u00e9\ud83d\ude00&'\n"]}, "a2":"" }""")
        );

    [Fact]
    public void The_previous_output_goes_first_and_the_loss_is_marked()
    {
        using var alert = Parse("{\"previous_output\":\"" + new string('x', 20_000) + "\",\"full_log\":\"kept\",\"id\":\"1.2\"}");
        Assert.Equal(["full_log", "id", "truncated"], alert.RootElement.EnumerateObject().Select(m => m.Name));
        Assert.Equal("kept", alert.RootElement.GetProperty("full_log").GetString());
        Assert.True(alert.RootElement.GetProperty("truncated").GetBoolean());
    }

    [Theory]
    [InlineData("x")]
    [InlineData("é")]
    [InlineData("\\ud83d\\ude00")]
    public void Then_the_end_of_the_full_log_goes_and_no_character_is_halved(string unit)
    {
        using var alert = Parse(
            "{\"full_log\":\"" + string.Concat(Enumerable.Repeat(unit, 20_000)) + "\",\"data\":{\"srcip\":\"10.0.0.6\"}}"
        );
        var log = alert.RootElement.GetProperty("full_log").GetString()!;
        var whole = JsonSerializer.Deserialize<string>($"\"{unit}\"")!;
        Assert.InRange(log.Length, 1000, Limit);
        Assert.Equal(log, string.Concat(Enumerable.Repeat(whole, log.Length / whole.Length)));
        Assert.Equal("10.0.0.6", alert.RootElement.GetProperty("data").GetProperty("srcip").GetString());
    }

    [Fact]
    public void At_last_every_big_member_goes_but_the_source_stays()
    {
        using var alert = Parse(
            "{\"id\":\"1.2\",\"data\":{\"x\":\""
                + new string('x', 50_000)
                + "\",\"srcip\":\"10.0.0.6\"},\"location\":\"/var/log/auth.log\"}"
        );
        Assert.Equal(
            """{"id":"1.2","data":{"srcip":"10.0.0.6"},"location":"/var/log/auth.log","truncated":true}""",
            alert.RootElement.GetRawText()
        );
    }

    [Fact]
    public void No_alert_is_an_empty_object() => Assert.Equal("{}", Text(null));

    private static string Text(string? alert) => Encoding.UTF8.GetString(AlertText.Write(alert, Limit));

    private static JsonDocument Parse(string alert)
    {
        var text = Text(alert);
        Assert.InRange(Encoding.UTF8.GetByteCount(text), 1, Limit);
        return JsonDocument.Parse(text);
    }
}
