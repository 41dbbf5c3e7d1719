using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Redoubt.Host;
using Redoubt.Transport.Port;

namespace Redoubt.Tests.Manager.Fleet;

/// <summary>What strangers do to the manager's port, while a good agent is served.</summary>
public sealed class PortTests
{
    [Fact]
    public async Task Five_hundred_connections_of_one_address_take_no_more_than_their_share_and_an_agent_is_served()
    {
        await using var box = await PortBox.StartAsync(new PortLimits { UnprovenPerAddress = 20, NewPerMinute = 100_000 });
        var sockets = new List<Socket>();
        for (var i = 0; i < 500; i++)
            sockets.Add(await FloodAsync(box));

        await box.UntilAsync(() => box.Refused(Refusal.TooManyFromAddress) >= 480, "what is too much is refused");
        Assert.True(box.Gate.Connections.Unproven <= 20, $"Expected 20 at most, found {box.Gate.Connections.Unproven}.");
        Assert.Equal(1, box.Log.Count("Refused a connection from 127.0.0.1: more connections at once than one address may have"));

        // The agent is behind the same address: its turn comes when those who said nothing have used up their time.
        box.Link(box.CredentialsOf("001"));
        await box.UntilAsync(() => box.IsActive("001"), "the agent is connected", TimeSpan.FromSeconds(1));
        Assert.Equal(20, box.Refused(Refusal.TooSlow));

        // Once it has proven who it is, the flood does not touch it.
        for (var i = 0; i < 100; i++)
            sockets.Add(await FloodAsync(box));

        await box.UntilAsync(() => box.Refused(Refusal.TooManyFromAddress) >= 560, "the next flood is refused");
        Assert.True(box.IsActive("001"));
        foreach (var socket in sockets)
            socket.Dispose();
    }

    [Fact]
    public async Task New_limits_hold_for_those_who_come_from_then_on()
    {
        await using var box = await PortBox.StartAsync();
        using var first = await FloodAsync(box);
        using var second = await FloodAsync(box);
        await box.UntilAsync(() => box.Gate.Connections.Unproven == 2, "both are connected");

        box.Gate.Use(new PortLimits { UnprovenPerAddress = 2 });
        using var third = await FloodAsync(box);

        await box.UntilAsync(() => box.Refused(Refusal.TooManyFromAddress) == 1, "the third is refused");
        Assert.Equal(2, box.Gate.Connections.Unproven);
    }

    [Fact]
    public async Task The_manager_hears_its_own_knock_and_counts_it_against_nobody()
    {
        await using var box = await PortBox.StartAsync();
        var heartbeat = new Heartbeat(
            ServiceNotice.Create(null, null, null),
            [box.Knock.Pulse],
            () => "",
            box.Time,
            box.Log.CreateLogger("manager")
        );
        using var ending = new CancellationTokenSource();
        var beating = heartbeat.RunAsync(ending.Token);

        await box.UntilAsync(() => box.Knock.Heard == 1, "the first knock is heard");
        box.Time.Advance(TimeSpan.FromSeconds(30));
        await box.UntilAsync(() => box.Knock.Heard == 2, "the second knock is heard");

        Assert.Equal(0, box.Log.Count("Hangs"));
        Assert.All(box.Gate.Refused.Values, refused => Assert.Equal(0, refused));
        Assert.False(box.Knock.IsKnock(new IPEndPoint(IPAddress.Loopback, 1)), "Somebody else is no knock.");
        Assert.False(box.Knock.IsKnock(null));
        await ending.CancelAsync();
        await beating;
    }

    [Fact]
    public async Task Garbage_is_refused_and_counted()
    {
        await using var box = await PortBox.StartAsync();

        for (var i = 0; i < 5; i++)
        {
            using var socket = await ConnectAsync(box);
            await socket.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());
            await EndAsync(socket);
        }

        await box.UntilAsync(() => box.Refused(Refusal.NoHandshake) == 5, "each is counted");
        Assert.Equal(1, box.Log.Count("Refused a connection from 127.0.0.1: it speaks no TLS 1.3"));
    }

    [Fact]
    public async Task Garbage_inside_of_TLS_is_refused_and_counted()
    {
        await using var box = await PortBox.StartAsync();
        using var socket = await ConnectAsync(box);
        await using var tls = await HandshakeAsync(socket, SslProtocols.Tls13);

        await tls.WriteAsync(new byte[4096]);
        await EndAsync(tls);

        await box.UntilAsync(() => box.Refused(Refusal.NoRequest) == 1, "it is counted");
    }

    [Fact]
    public async Task An_older_TLS_is_refused_and_counted()
    {
        await using var box = await PortBox.StartAsync();
        using var socket = await ConnectAsync(box);

        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await using var tls = await HandshakeAsync(socket, SslProtocols.Tls12);
            await EndAsync(tls);
        });

        await box.UntilAsync(() => box.Refused(Refusal.NoHandshake) == 1, "it is counted");
    }

    [Theory]
    [InlineData(1, 200_000)]
    [InlineData(200, 20)]
    public async Task Huge_headers_and_too_many_are_refused_and_counted(int headers, int length)
    {
        await using var box = await PortBox.StartAsync();
        using var client = Client();
        using var request = Request(box, "/redoubt.v1.Enrolment/Introduce");
        for (var i = 0; i < headers; i++)
            request.Headers.Add($"x-{i}", new string('a', length));

        var answer = await TryAsync(client, request);

        Assert.True(answer is null or >= HttpStatusCode.BadRequest, $"Expected a refusal, got {answer}.");
        client.Dispose();
        await box.UntilAsync(() => box.Refused(Refusal.NoRequest) == 1, "it is counted");
    }

    [Fact]
    public async Task A_request_for_something_else_is_counted()
    {
        await using var box = await PortBox.StartAsync();
        using (var client = Client())
        using (var request = Request(box, "/status"))
            Assert.Equal(HttpStatusCode.NotFound, await TryAsync(client, request));

        await box.UntilAsync(() => box.Refused(Refusal.NoRequest) == 1, "it is counted");
    }

    [Fact]
    public async Task Who_says_nothing_is_sent_away_in_time_before_and_after_the_handshake()
    {
        await using var box = await PortBox.StartAsync();
        using var silent = await ConnectAsync(box);
        using var socket = await ConnectAsync(box);
        await using var tls = await HandshakeAsync(socket, SslProtocols.Tls13);
        await box.UntilAsync(() => box.Gate.Connections.Unproven == 2, "both are connected");

        box.Time.Advance(TimeSpan.FromSeconds(15));

        await box.UntilAsync(() => box.Refused(Refusal.TooSlow) == 2, "both are counted");
        await EndAsync(silent);
        await box.UntilAsync(() => box.Gate.Connections.All == 0, "both have gone");
    }

    private static async Task<Socket> ConnectAsync(PortBox box)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, box.Address.Port);
        return socket;
    }

    private static async Task<Socket> FloodAsync(PortBox box)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, box.Address.Port);
        }
        catch (SocketException)
        {
            // Reset before the call had returned: refused, and counted, as it shall be.
        }

        return socket;
    }

    private static async Task<SslStream> HandshakeAsync(Socket socket, SslProtocols protocols)
    {
        var tls = new SslStream(new NetworkStream(socket));
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "x",
                EnabledSslProtocols = protocols,
                ApplicationProtocols = [SslApplicationProtocol.Http2],
#pragma warning disable CA5359 // A stranger trusts anybody.
                RemoteCertificateValidationCallback = (_, _, _, _) => true,
#pragma warning restore CA5359
            }
        );
        return tls;
    }

    private static HttpClient Client() =>
        new(
            new SocketsHttpHandler
            {
#pragma warning disable CA5359 // A stranger trusts anybody.
                SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true },
#pragma warning restore CA5359
            }
        );

    private static HttpRequestMessage Request(PortBox box, string path) =>
        new(HttpMethod.Post, new Uri($"https://127.0.0.1:{box.Address.Port}{path}"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

    private static async Task<HttpStatusCode?> TryAsync(HttpClient client, HttpRequestMessage request)
    {
        try
        {
            using var response = await client.SendAsync(request);
            return response.StatusCode;
        }
        catch (HttpRequestException)
        {
            // The connection was ended: as good an answer.
            return null;
        }
    }

    private static Task EndAsync(Socket socket) => EndAsync(new NetworkStream(socket));

    // Reads until the other side has closed.
    private static async Task EndAsync(Stream stream)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var buffer = new byte[4096];
        try
        {
            while (await stream.ReadAsync(buffer, limit.Token) > 0) { }
        }
        catch (IOException)
        {
            // A reset is an end, too.
        }
    }
}
