using System.Text;
using Redoubt.Engine;

namespace Redoubt.Tests.Engine.Decode;

public class PredecoderTests
{
    [Theory]
    [InlineData("Dec 29 10:00:01 host prog[12]: hello", "Dec 29 10:00:01", "host", "prog", "hello")]
    [InlineData("Dec  9 10:00:01 host prog:hello", "Dec  9 10:00:01", "host", "prog", "hello")]
    [InlineData("Dec 29 10:00:01 prog: hello", "Dec 29 10:00:01", "manager", "prog", "hello")]
    [InlineData("Dec 29 10:00:01 host two words", "Dec 29 10:00:01", "host", null, "two words")]
    [InlineData("Dec 29 10:00:01 host prog: [ID 702911 daemon.error] hello", "Dec 29 10:00:01", "host", "prog", "hello")]
    [InlineData("2024-04-16T21:51:02.123456+02:00 host sshd[1]: hello", "2024-04-16T21:51:02.123456+02:00", "host", "sshd", "hello")]
    [InlineData("2024-04-16T21:51:02Z host sshd[1]: hello", "2024-04-16T21:51:02Z", "host", "sshd", "hello")]
    [InlineData("2024-04-16T21:51:02.12Z host sshd[1]: hello", "2024-04-16T21:51:02.12Z", "host", "sshd", "hello")]
    [InlineData("2024-04-16T21:51:02Z 14 TID INFO: hello", null, "manager", null, "2024-04-16T21:51:02Z 14 TID INFO: hello")]
    [InlineData(
        "2024-04-16T21:51:02.123Z {\"level\":\"info\",\"msg\":\"hello\"}",
        null,
        "manager",
        null,
        "2024-04-16T21:51:02.123Z {\"level\":\"info\",\"msg\":\"hello\"}"
    )]
    [InlineData("Dec 29 10:00:01 fe80::1 prog: hello", "Dec 29 10:00:01", "fe80::1", "prog", "hello")]
    [InlineData("short", null, "manager", null, "short")]
    [InlineData("", null, "manager", null, "")]
    public void Takes_the_header_off(string line, string? timestamp, string hostname, string? program, string log)
    {
        var e = new EngineHarness(string.Empty, EngineHarness.Root + "</group>").Send(line).Event;
        Assert.Equal(timestamp ?? string.Empty, Text(e.Timestamp));
        Assert.Equal(hostname, Text(e.Hostname));
        Assert.Equal(program, e.HasProgramName ? Text(e.ProgramName) : null);
        Assert.Equal(log, Text(e.Log));
    }

    [Theory]
    [InlineData("2024-04-16T21:51:02Z host sshd[1]: hello there you", "2024-04-16T21:51:02Z host sshd[1]: hello there you")]
    [InlineData("2024-04-16T21:51:02.123Z {\"level\":\"info\"}", "\":\"info\"}")]
    [InlineData("Dec 29 10:00:01 fe80::1 prog: hello", "fe80::1 prog: hello")]
    public void Strict_mode_keeps_what_the_original_does_not_recognise(string line, string log)
    {
        var engine = new EngineHarness(string.Empty, EngineHarness.Root + "</group>", compatibility: Compatibility.Strict);
        Assert.Equal(log, Text(engine.Send(line).Event.Log));
    }

    [Theory]
    [InlineData(Compatibility.Best, "relayed")]
    [InlineData(Compatibility.Strict, "agent-1")]
    public void The_host_of_a_header_is_kept_for_agents_unless_strict(Compatibility compatibility, string hostname)
    {
        var engine = new EngineHarness(string.Empty, EngineHarness.Root + "</group>", compatibility: compatibility)
        {
            Agent = new Redoubt.Model.AgentIdentity("001", "agent-1", "10.0.0.5"),
        };
        var e = engine.Send("Dec 29 10:00:01 relayed prog: hello").Event;
        Assert.Equal(hostname, Text(e.Hostname));
        Assert.Equal("(agent-1) 10.0.0.5->/var/log/test.log", Text(e.Location));
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);
}
