using System.Net.Sockets;
using System.Text;
using Redoubt.Collect;

namespace Redoubt.Tests.Collect.Outputs;

/// <summary>Records that go to sockets of other programs.</summary>
public sealed class OutputTests : IAsyncDisposable
{
    private readonly LogBox _box = new();
    private readonly List<Socket> _sockets = [];

    public async ValueTask DisposeAsync()
    {
        await _box.DisposeAsync();
        foreach (var socket in _sockets)
            socket.Dispose();
    }

    [Fact]
    public async Task A_record_goes_to_the_manager_and_in_its_own_form_to_a_socket()
    {
        using var listener = Listen("box", SocketType.Dgram);
        await _box.StartAsync(
            _box.FromTheStart with
            {
                Template = Template("$(base_location): $(log)"),
                Outputs = [new(Options("box"), Template("$(timestamp %Y-%m-%d) $(location) \"$(json_log)\""))],
            }
        );
        _box.Write("say \"a\"\t\xff\n");

        Assert.Equal("auth.log: say \"a\"\t\xff", _box.Sink.WaitFor(1)[0].Text);
        Assert.Equal("pre 2026-01-01 /var/log/auth.log \"say \\\"a\\\"\\t\\uFFFD\"", Datagram(listener));
    }

    [Fact]
    public async Task A_stream_gets_a_newline_after_each_record()
    {
        using var listener = Listen("box", SocketType.Stream);
        await _box.StartAsync(_box.FromTheStart with { GoesToSink = false, Outputs = [new(Stream("box"), null)] });
        _box.Write("one\ntwo\n");

        using var peer = listener.Accept();
        using var reader = new StreamReader(new NetworkStream(peer));
        Assert.Equal(("pre one", "pre two"), (reader.ReadLine(), reader.ReadLine()));
        Assert.Empty(_box.Sink.All);
    }

    [Fact]
    public async Task Lines_for_a_socket_alone_wait_for_it_over_a_restart_and_come_once()
    {
        var source = _box.FromTheStart with { GoesToSink = false, Outputs = [new(Options("box"), null)] };
        await _box.StartAsync(source);
        _box.Write("one\n");
        _box.WaitForMessage("takes no records");
        await _box.StopAsync();

        using var listener = Listen("box", SocketType.Dgram);
        await _box.StartAsync(source);
        Assert.Equal("pre one", Datagram(listener));
        await _box.StopAsync();

        await _box.StartAsync(source);
        _box.Write("two\n");
        Assert.Equal("pre two", Datagram(listener));
    }

    [Fact]
    public async Task Of_two_sockets_the_one_that_has_a_record_does_not_get_it_again()
    {
        using var first = Listen("first", SocketType.Dgram);
        await _box.StartAsync(
            _box.FromTheStart with
            {
                GoesToSink = false,
                Outputs = [new(Options("first"), null), new(Options("second"), null)],
            }
        );
        _box.Write("one\n");
        _box.WaitForMessage("second");
        using var second = Listen("second", SocketType.Dgram);
        _box.Time.Advance(TimeSpan.FromSeconds(2));
        _box.Write("two\n");

        Assert.Equal(("pre one", "pre two"), (Datagram(first), Datagram(first)));
        Assert.Equal(("pre one", "pre two"), (Datagram(second), Datagram(second)));
    }

    [Fact]
    public async Task A_program_that_does_not_read_holds_up_no_line_for_the_manager()
    {
        using var listener = Listen("box", SocketType.Stream);
        await _box.StartAsync(_box.FromTheStart with { Outputs = [new(Stream("box"), null)] });
        var line = new string('x', 9_999) + "\n";
        _box.Write(string.Concat(Enumerable.Repeat(line, 200)));

        _box.Sink.WaitFor(200);
        Assert.True(_box.Status.UnsentToSockets > 0, $"{_box.Status}");
        _box.WaitForMessage("is full");

        // What the stream took a part of comes whole: the other side sees whole records only.
        using var peer = listener.Accept();
        using var reader = new StreamReader(new NetworkStream(peer));
        Assert.Equal(10_003, reader.ReadLine()!.Length);
        var taken = 200 - _box.Status.UnsentToSockets;
        for (var i = 1; i < taken - 1; i++)
            Assert.Equal(10_003, reader.ReadLine()!.Length);
        _box.Write("last\n");
        Assert.Equal(10_003, reader.ReadLine()!.Length);
        Assert.Equal("pre last", reader.ReadLine());
    }

    [Fact]
    public async Task A_socket_that_was_made_anew_is_used_after_a_second()
    {
        var source = _box.FromTheStart with { Outputs = [new(Options("box"), null)] };
        using (Listen("box", SocketType.Dgram))
            await _box.StartAsync(source);
        _box.Write("one\n");
        _box.Sink.WaitFor(1);
        _box.WaitForStatus(s => s.UnsentToSockets == 1);

        File.Delete(Options("box").Path);
        using var listener = Listen("box", SocketType.Dgram);
        _box.Time.Advance(TimeSpan.FromSeconds(2));
        _box.Write("two\n");

        Assert.Equal("pre two", Datagram(listener));
        _box.WaitForMessage("takes records again");
    }

    [Fact]
    public async Task A_file_that_is_no_text_is_left_alone_where_the_configuration_says_so()
    {
        _box.Write("\u007fELF\0\n");
        await _box.StartAsync(_box.FromTheStart with { IgnoresBinaries = true });
        _box.WaitForStatus(s => s.State == SourceState.Failed);

        File.Delete(_box.Log);
        _box.Write("gr\u00c3\u00bcn\n");
        Assert.Equal("gr\u00c3\u00bcn", Assert.Single(_box.Sink.WaitFor(1)).Text);
    }

    private static OutputTemplate Template(string text) => OutputTemplate.Parse(text, out _)!;

    private OutputSocketOptions Options(string name) =>
        new()
        {
            Name = name,
            Path = Path.Combine(_box.Folder, name),
            Prefix = "pre ",
        };

    private OutputSocketOptions Stream(string name) => Options(name) with { IsStream = true };

    private Socket Listen(string name, SocketType type)
    {
        var socket = new Socket(AddressFamily.Unix, type, ProtocolType.Unspecified)
        {
            ReceiveTimeout = (int)LineSink.Deadline.TotalMilliseconds,
        };
        _sockets.Add(socket);
        socket.Bind(new UnixDomainSocketEndPoint(Options(name).Path));
        if (type == SocketType.Stream)
            socket.Listen();

        return socket;
    }

    private static string Datagram(Socket socket)
    {
        var buffer = new byte[1000];
        return Encoding.UTF8.GetString(buffer, 0, socket.Receive(buffer));
    }
}
