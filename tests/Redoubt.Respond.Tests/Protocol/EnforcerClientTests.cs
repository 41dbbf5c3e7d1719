using System.Net.Sockets;
using System.Text;
using Redoubt.Respond;
using Redoubt.Tests.Respond.Lab;

namespace Redoubt.Tests.Respond.Protocol;

/// <summary>The client against a socket that behaves in every way.</summary>
public sealed class EnforcerClientTests : IDisposable
{
    private readonly Home home = new();
    private readonly Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly string path;

    public EnforcerClientTests()
    {
        path = Path.Join(home.Path, "s");
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
    }

    private static EnforceRequest Hello { get; } = new() { Id = 42, Verb = EnforceVerb.Hello };

    [Fact]
    public async Task Answers_find_their_requests_in_whatever_order_they_come()
    {
        await using var client = await EnforcerClient.ConnectAsync(path, Deadline.Token);
        using var server = await AcceptAsync();
        var first = client.SendAsync(Hello with { Id = 1 }, Deadline.Token);
        var second = client.SendAsync(Hello with { Id = 2 }, Deadline.Token);
        await server.ReadLinesAsync(2);
        await server.WriteAsync(
            """
            {"id":2,"outcome":"ok","reason":"second"}
            {"id":999,"outcome":"ok","reason":"nobody's"}
            {"id":1,"outcome":"ok","reason":"first"}

            """
        );
        Assert.Equal((1L, "first"), ((await first).Id, (await first).Reason));
        Assert.Equal((2L, "second"), ((await second).Id, (await second).Reason));
    }

    [Fact]
    public async Task Pages_of_a_list_become_one_answer()
    {
        await using var client = await EnforcerClient.ConnectAsync(path, Deadline.Token);
        using var server = await AcceptAsync();
        var list = client.SendAsync(new EnforceRequest { Verb = EnforceVerb.List }, Deadline.Token);
        await server.ReadLinesAsync(1);
        await server.WriteAsync(
            """
            {"id":1,"outcome":"ok","targets":["10.0.0.6"],"targets_remaining_milliseconds":[5],"more":true}
            {"id":1,"outcome":"ok","targets":["10.0.0.7"],"targets_remaining_milliseconds":[-1]}

            """
        );
        Assert.Equal((string[])["10.0.0.6", "10.0.0.7"], (await list).Targets);
        Assert.Equal((long[])[5, -1], (await list).TargetsRemainingMilliseconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}\n")]
    [InlineData("{\"id\":1,\"outcome\":\"wonderful\"}\n")]
    [InlineData("{\"id\":1,\"outc")]
    public async Task Open_and_later_requests_end_with_an_error_when_the_connection_breaks(string lastWords)
    {
        await using var client = await EnforcerClient.ConnectAsync(path, Deadline.Token);
        Task<EnforceReply> open;
        using (var server = await AcceptAsync())
        {
            open = client.SendAsync(Hello, Deadline.Token);
            await server.ReadLinesAsync(1);
            await server.WriteAsync(lastWords);
        }

        await Assert.ThrowsAsync<IOException>(() => open);
        await client.Closed.WaitAsync(Deadline.Token);
        await Assert.ThrowsAsync<IOException>(() => client.SendAsync(Hello, Deadline.Token));
    }

    [Fact]
    public async Task A_request_that_is_given_up_leaves_the_connection_usable()
    {
        await using var client = await EnforcerClient.ConnectAsync(path, Deadline.Token);
        using var server = await AcceptAsync();
        using var impatience = new CancellationTokenSource();
        var givenUp = client.SendAsync(Hello, impatience.Token);
        await server.ReadLinesAsync(1);
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => givenUp);

        var next = client.SendAsync(Hello, Deadline.Token);
        await server.ReadLinesAsync(1);
        await server.WriteAsync("{\"id\":1,\"outcome\":\"ok\"}\n{\"id\":2,\"outcome\":\"ok\"}\n");
        Assert.Equal(42, (await next).Id);
    }

    [Fact]
    public async Task Nobody_listening_is_a_socket_error() =>
        await Assert.ThrowsAsync<SocketException>(() => EnforcerClient.ConnectAsync(path + "-none", Deadline.Token));

    [Fact]
    public async Task A_request_that_the_enforcer_would_not_read_is_not_sent()
    {
        await using var client = await EnforcerClient.ConnectAsync(path, Deadline.Token);
        await Assert.ThrowsAsync<ArgumentException>(() =>
            client.SendAsync(Hello with { AlertDocument = new string('x', 1024 * 1024) }, Deadline.Token)
        );
    }

    public void Dispose()
    {
        listener.Dispose();
        home.Dispose();
    }

    private async Task<Server> AcceptAsync() => new(await listener.AcceptAsync(Deadline.Token));

    private sealed class Server(Socket socket) : IDisposable
    {
        private readonly NetworkStream stream = new(socket, ownsSocket: true);
        private StreamReader? reader;

        public async Task ReadLinesAsync(int count)
        {
            reader ??= new StreamReader(stream);
            for (var i = 0; i < count; i++)
                Assert.NotNull(await reader.ReadLineAsync(Deadline.Token));
        }

        public async Task WriteAsync(string text) => await stream.WriteAsync(Encoding.UTF8.GetBytes(text), Deadline.Token);

        public void Dispose() => stream.Dispose();
    }
}
