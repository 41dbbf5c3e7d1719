using System.Text;
using System.Text.Json;
using Redoubt.Respond;

namespace Redoubt.Tests.Respond.Protocol;

public class RequestReaderTests
{
    private const string Good =
        """{"id":9,"verb":"block","response":"firewall-drop","target":"10.0.0.6","duration_milliseconds":1800000,"alert_document":"{\"rule\":{\"id\":\"5712\"}}","alert_id":"1795515330.10452","rule_id":5712,"user":"root; x","extra_arguments":["--zone","dmz"],"origin_name":"node01","log_form":"both","protected":["10.0.0.4","fd00:10::4"],"first_seen_unix_milliseconds":1795515329000,"already_active":true}""";

    [Fact]
    public void A_good_request_is_read_whole()
    {
        Assert.True(RequestReader.TryRead(Encoding.UTF8.GetBytes(Good), out var order, out var id, out var problem), problem);
        Assert.Equal(9, id);
        Assert.Equal(("10.0.0.6", "firewall-drop"), (order!.Target.ToString(), order.Program));
        Assert.Equal(["10.0.0.4", "fd00:10::4"], order.Protected.Select(p => p.ToString()));
        Assert.Equal(
            (EnforceVerb.Block, 1_800_000L, "1795515330.10452", 5712, "node01", ResponseLogForm.Both, true),
            (
                order.Request.Verb,
                order.Request.DurationMilliseconds,
                order.Request.AlertId!,
                order.Request.RuleId,
                order.Request.OriginName,
                order.Request.LogForm,
                order.Request.AlreadyActive
            )
        );
    }

    [Fact]
    public void What_a_request_leaves_out_has_its_default()
    {
        Assert.True(
            RequestReader.TryRead("""{"id":1,"verb":"block","target":"10.0.0.6","protected":null}"""u8, out var order, out _, out _)
        );
        Assert.Equal(
            (0L, ResponseLogForm.Json, "firewall-drop", ""),
            (order!.Request.DurationMilliseconds, order.Request.LogForm, order.Program, order.Request.OriginName)
        );
        Assert.Empty(order.Protected);
        Assert.Empty(order.Request.ExtraArguments);
    }

    [Theory]
    [InlineData("""{"id":9,"verb":"block"}""", "target")]
    [InlineData("""{"id":9,"verb":"block","target":"10.6"}""", "target")]
    [InlineData("""{"id":9,"verb":"block","target":"example.org"}""", "target")]
    [InlineData("""{"id":9,"verb":"list","target":"10.0.0.6"}""", "target")]
    [InlineData("""{"id":9,"verb":"block","target":"10.0.0.6","duration_milliseconds":-1}""", "duration_milliseconds")]
    [InlineData("""{"id":9,"verb":"block","target":"10.0.0.6","duration_milliseconds":1.5}""", "not a request")]
    [InlineData("""{"id":9,"verb":"block","target":"10.0.0.6","response":"../../bin/sh"}""", "response")]
    [InlineData("""{"id":9,"verb":"block","target":"10.0.0.6","response":"disable-account"}""", "response")]
    [InlineData("""{"id":9,"verb":"block","target":"10.0.0.6","rule_id":-5}""", "rule_id")]
    [InlineData("""{"id":9,"verb":"block","target":"10.0.0.6","alert_id":"1 2"}""", "alert_id")]
    [InlineData("""{"id":9,"verb":"block","target":"10.0.0.6","alert_id":"1\n2"}""", "alert_id")]
    [InlineData("""{"id":9,"verb":"block","target":"10.0.0.6","origin_name":"a\nb"}""", "origin_name")]
    [InlineData("""{"id":9,"verb":"block","target":"10.0.0.6","alert_document":"[]"}""", "alert_document")]
    [InlineData("""{"id":9,"verb":"block","target":"10.0.0.6","alert_document":"{}{}"}""", "alert_document")]
    [InlineData("""{"id":9,"verb":"block","target":"10.0.0.6","alert_document":"{\"a\":1"}""", "alert_document")]
    [InlineData("""{"id":9,"verb":"block","target":"10.0.0.6","protected":["manager"]}""", "protected")]
    [InlineData("""{"id":9,"verb":"block","target":"10.0.0.6","protected":[null]}""", "protected")]
    [InlineData("""{"id":9,"verb":"block","target":"10.0.0.6","extra_arguments":[null]}""", "extra_arguments")]
    [InlineData("""{"id":9,"verb":"block","target":"10.0.0.6","extra_arguments":["a\u0000b"]}""", "extra_arguments")]
    [InlineData("""{"id":9,"verb":"block","target":"10.0.0.6","first_seen_unix_milliseconds":-1}""", "first_seen")]
    [InlineData("""{"id":9,"verb":"block","target":"10.0.0.6","log_form":"xml"}""", "not a request")]
    [InlineData("""{"id":9,"verb":"block","target":"10.0.0.6","log_form":17}""", "log_form")]
    [InlineData("""{"id":9,"verb":"block","target":"10.0.0.6","force":true}""", "not a request")]
    [InlineData("""{"id":9,"verb":"block","target":"10.0.0.6","target":"10.0.0.7"}""", "not a request")]
    [InlineData("""{"id":9,"verb":"block","target":"\ud800"}""", "not a request")]
    [InlineData("""{"id":9}""", "not a request")]
    public void A_wrong_field_is_named_and_the_id_comes_back(string line, string problem)
    {
        Assert.False(RequestReader.TryRead(Encoding.UTF8.GetBytes(line), out var order, out var id, out var said));
        Assert.Null(order);
        Assert.Equal(9, id);
        Assert.Contains(problem, said, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', said!);
    }

    [Theory]
    [InlineData("""{"verb":"hello"}""")]
    [InlineData("""{"id":0,"verb":"hello"}""")]
    [InlineData("""{"id":-4,"verb":"hello"}""")]
    public void A_request_without_a_usable_id_is_refused(string line) =>
        Assert.False(RequestReader.TryRead(Encoding.UTF8.GetBytes(line), out _, out var id, out _) || id > 0);

    [Fact]
    public void Too_much_of_anything_is_refused()
    {
        var request = new EnforceRequest
        {
            Id = 9,
            Verb = EnforceVerb.Block,
            Target = "10.0.0.6",
        };
        EnforceRequest[] tooMuch =
        [
            request with
            {
                AlertDocument = "{\"a\":\"" + new string('x', RequestReader.MaxAlertBytes) + "\"}",
            },
            request with
            {
                ExtraArguments = [.. Enumerable.Repeat("x", RequestReader.MaxArguments + 1)],
            },
            request with
            {
                ExtraArguments = [new string('x', RequestReader.MaxArgumentCharacters + 1)],
            },
            request with
            {
                Protected = [.. Enumerable.Repeat("10.0.0.4", RequestReader.MaxProtected + 1)],
            },
            request with
            {
                OriginName = new string('x', RequestReader.MaxNameCharacters + 1),
            },
        ];
        Assert.All(
            tooMuch,
            r =>
                Assert.False(
                    RequestReader.TryRead(JsonSerializer.SerializeToUtf8Bytes(r, EnforceJson.Default.EnforceRequest), out _, out _, out _)
                )
        );
    }

    [Fact]
    public void Every_beginning_of_a_request_is_refused_without_an_exception()
    {
        var bytes = Encoding.UTF8.GetBytes(Good);
        for (var length = 0; length < bytes.Length; length++)
            Assert.False(RequestReader.TryRead(bytes.AsSpan(0, length), out _, out _, out _));
    }

    [Fact]
    public void Every_byte_may_be_anything_without_an_exception()
    {
        var bytes = Encoding.UTF8.GetBytes(Good);
        for (var at = 0; at < bytes.Length; at++)
        {
            foreach (var value in (byte[])[0, (byte)'"', (byte)'\\', (byte)'}', (byte)'9', 0x80, 0xC3, 0xFF])
            {
                var changed = bytes.ToArray();
                changed[at] = value;
                var read = RequestReader.TryRead(changed, out var order, out _, out var problem);
                Assert.Equal(read, order is not null);
                Assert.Equal(read, problem is null);
            }
        }
    }
}
