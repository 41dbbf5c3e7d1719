using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Redoubt.Collect;
using Redoubt.Collect.Syslog;
using Redoubt.Model;

namespace Redoubt.Tests.Collect.Syslog;

public sealed class SyslogTests : IAsyncDisposable
{
    private readonly Channel<SyslogLine> _lines = Channel.CreateBounded<SyslogLine>(4);
    private SyslogReceiver? _receiver;

    public async ValueTask DisposeAsync()
    {
        _lines.Writer.TryComplete();
        if (_receiver is not null)
            await _receiver.DisposeAsync();
    }

    [Theory]
    [InlineData("<34>Oct 11 22:14:15 web1 su: failed", "Oct 11 22:14:15 web1 su: failed")]
    [InlineData("<34>1 2003-10-11T22:14:15.003Z web1 su 77 ID47 - failed for x", "Oct 11 22:14:15 web1 su[77]: failed for x")]
    [InlineData("<34>1 2003-10-11T22:14:15+02:00 web1 su - - [a@1 k=\"v ] \\\" x\"][b@2 c=\"d\"] text", "Oct 11 20:14:15 web1 su: text")]
    [InlineData("<34>1 2003-10-01T22:14:15Z web1 su - - -", "Oct  1 22:14:15 web1 su: ")]
    [InlineData("<34>1 yesterday web1 su - - - x", "1 yesterday web1 su - - - x")]
    [InlineData("<34>1 2003-10-11T22:14:15Z web1", "1 2003-10-11T22:14:15Z web1")]
    [InlineData("<34>1 2003-10-11T22:14:15Z web1 su - - [a k=\"open", "1 2003-10-11T22:14:15Z web1 su - - [a k=\"open")]
    [InlineData("<3456>x", "<3456>x")]
    [InlineData("<>x", "<>x")]
    [InlineData("no priority\r\n", "no priority")]
    [InlineData("", "")]
    public void A_message_becomes_the_line_of_a_file(string message, string line) =>
        Assert.Equal(line, Encoding.UTF8.GetString(SyslogMessage.ToLine(Encoding.UTF8.GetBytes(message), TimeZoneInfo.Utc)));

    [Fact]
    public void Any_bytes_are_a_message()
    {
        var random = new Random(5);
        var alphabet = "<134>1 -[]\"\\=a2003-10-11T22:14:15Z \0\n"u8.ToArray();
        for (var round = 0; round < 50_000; round++)
        {
            var message = random.GetItems(alphabet, random.Next(60));
            Assert.NotNull(SyslogMessage.ToLine([.. "<34>1 "u8, .. message], TimeZoneInfo.Utc));
            Assert.NotNull(SyslogMessage.ToLine(message, TimeZoneInfo.Utc));
        }
    }

    [Fact]
    public async Task A_datagram_of_an_allowed_sender_is_a_line()
    {
        Open(new SyslogReceiverOptions { Allowed = [Network("127.0.0.0/8")] });
        await SendAsync("<34>Oct 11 22:14:15 web1 su: failed");

        var line = await _lines.Reader.ReadAsync();
        Assert.Equal("Oct 11 22:14:15 web1 su: failed", Encoding.UTF8.GetString(line.Text));
        Assert.Equal(IPAddress.Loopback, line.Sender);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("192.0.2.0/24", null)]
    [InlineData("127.0.0.0/8", "127.0.0.1")]
    public async Task A_sender_who_is_not_allowed_is_counted_and_not_heard(string? allowed, string? denied)
    {
        Open(
            new SyslogReceiverOptions
            {
                TakesTcp = true,
                Allowed = allowed is null ? [] : [Network(allowed)],
                Denied = denied is null ? [] : [Network(denied)],
            }
        );
        await SendAsync("<34>forged");
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _receiver!.TcpPort);
        Assert.Equal(0, await client.GetStream().ReadAsync(new byte[1]));

        Assert.True(SpinWait.SpinUntil(() => _receiver.Refused == 2, LineSink.Deadline));
        Assert.False(_lines.Reader.TryRead(out _));
    }

    [Theory]
    [InlineData("a\nb\r\n\nc\n", "a|b|c")]
    [InlineData("5 <34>a6 <34>bc7 <34>d\ne", "a|bc|d\ne")]
    [InlineData("whole\nends without a newline", "whole|ends without a newline")]
    public async Task A_connection_is_framed_by_counts_or_by_lines(string sent, string lines)
    {
        Open(new SyslogReceiverOptions { TakesTcp = true, Allowed = [Network("127.0.0.1")] });
        using (var client = new TcpClient())
        {
            await client.ConnectAsync(IPAddress.Loopback, _receiver!.TcpPort);
            foreach (var part in Encoding.UTF8.GetBytes(sent).Chunk(3))
                await client.GetStream().WriteAsync(part);
        }

        foreach (var line in lines.Split('|'))
            Assert.Equal(line, Encoding.UTF8.GetString((await _lines.Reader.ReadAsync()).Text));
    }

    [Theory]
    [InlineData("", "\n")]
    [InlineData("300 <34>", "")]
    public async Task What_is_too_long_is_cut_and_the_next_message_is_whole(string before, string after)
    {
        Open(
            new SyslogReceiverOptions
            {
                TakesTcp = true,
                Allowed = [Network("127.0.0.1")],
                MaxLineBytes = 100,
            }
        );
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _receiver!.TcpPort);
        await client
            .GetStream()
            .WriteAsync(Encoding.UTF8.GetBytes(before + new string('x', before.Length > 0 ? 296 : 500) + after + "next\n"));

        Assert.InRange((await _lines.Reader.ReadAsync()).Text.Length, 90, 100);
        Assert.Equal("next", Encoding.UTF8.GetString((await _lines.Reader.ReadAsync()).Text));
    }

    [Fact]
    public async Task A_datagram_without_room_is_counted()
    {
        Open(new SyslogReceiverOptions { Allowed = [Network("127.0.0.1")] });
        for (var i = 0; i < 6; i++)
            await SendAsync("<34>x");

        Assert.True(SpinWait.SpinUntil(() => _receiver!.Received + _receiver.Shed == 6, LineSink.Deadline));
        Assert.Equal((4, 2), (_receiver!.Received, _receiver.Shed));
    }

    [Fact]
    public async Task Connections_beyond_the_limit_are_closed()
    {
        Open(
            new SyslogReceiverOptions
            {
                TakesTcp = true,
                Allowed = [Network("127.0.0.1")],
                MaxConnections = 1,
            }
        );
        using var first = new TcpClient();
        await first.ConnectAsync(IPAddress.Loopback, _receiver!.TcpPort);
        await first.GetStream().WriteAsync("one\n"u8.ToArray());
        await _lines.Reader.ReadAsync();
        using var second = new TcpClient();
        await second.ConnectAsync(IPAddress.Loopback, _receiver.TcpPort);

        Assert.Equal(0, await second.GetStream().ReadAsync(new byte[1]));
    }

    private void Open(SyslogReceiverOptions options)
    {
        _receiver = new SyslogReceiver(
            options with
            {
                Address = IPAddress.Loopback,
                Port = 0,
            },
            line => _lines.Writer.WriteAsync(line),
            _lines.Writer.TryWrite,
            TimeProvider.System,
            NullLogger.Instance
        );
        _receiver.Start();
    }

    private async Task SendAsync(string text)
    {
        using var client = new UdpClient();
        await client.SendAsync(Encoding.UTF8.GetBytes(text), new IPEndPoint(IPAddress.Loopback, _receiver!.UdpPort));
    }

    private static BlockTarget Network(string text) =>
        BlockTarget.TryParse(text, out var target) ? target : throw new FormatException(text);
}
