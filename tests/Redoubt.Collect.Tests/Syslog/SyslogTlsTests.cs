using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Redoubt.Collect;
using Redoubt.Model;

namespace Redoubt.Tests.Collect.Syslog;

public sealed class SyslogTlsTests : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rdt-tls-");
    private readonly Channel<SyslogLine> _lines = Channel.CreateUnbounded<SyslogLine>();
    private readonly FakeTimeProvider _time = new(DateTimeOffset.Parse("2026-01-01T00:00:00Z", null));
    private readonly X509Certificate2 _authority = MakeAuthority("clients");
    private readonly SyslogReceiver _receiver;
    private readonly SyslogReceiver _strict;

    public SyslogTlsTests()
    {
        using var authority = MakeAuthority("servers");
        using var server = Sign("loghost", authority);
        File.WriteAllText(PathOf("server.pem"), server.ExportCertificatePem() + "\n" + authority.ExportCertificatePem());
        File.WriteAllText(PathOf("server.key"), server.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(PathOf("clients.pem"), _authority.ExportCertificatePem());
        _receiver = Open(clientAuthority: null);
        _strict = Open(PathOf("clients.pem"));
    }

    public async ValueTask DisposeAsync()
    {
        await _receiver.DisposeAsync();
        await _strict.DisposeAsync();
        _authority.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Counted_messages_are_lines_whatever_they_hold_and_however_they_are_cut()
    {
        await using (var stream = await ConnectAsync(_receiver))
        {
            foreach (var part in Encoding.UTF8.GetBytes("6 <34>a\n5 <34>b8 7 <34>xy").Chunk(2))
                await stream.WriteAsync(part);
        }

        Assert.Equal(["a", "b", "7 <34>xy"], await LinesAsync(3));
    }

    [Theory]
    [InlineData("<34>no count\n")]
    [InlineData("0 ")]
    [InlineData("007 <34>abc")]
    [InlineData("99999999 <34>")]
    [InlineData("-5 <34>a")]
    [InlineData("12a <34>")]
    [InlineData(" 5 <34>a")]
    public async Task What_is_not_counted_ends_the_connection_and_nobody_elses(string sent)
    {
        await using var good = await ConnectAsync(_receiver);
        await using var stream = await ConnectAsync(_receiver);
        await stream.WriteAsync(Encoding.UTF8.GetBytes("5 <34>a" + sent));
        Assert.Equal(0, await ReadAsync(stream));

        await good.WriteAsync("5 <34>b"u8.ToArray());
        Assert.Equal(["a", "b"], await LinesAsync(2));
    }

    [Fact]
    public async Task A_huge_frame_is_cut_and_the_next_one_is_whole()
    {
        await using var stream = await ConnectAsync(_receiver);
        foreach (var single in Encoding.UTF8.GetBytes("9999999 <34>").Chunk(1))
            await stream.WriteAsync(single);
        var part = Encoding.UTF8.GetBytes(new string('x', 65_536));
        for (var left = 9_999_999 - 4; left > 0; left -= part.Length)
            await stream.WriteAsync(part.AsMemory(0, Math.Min(left, part.Length)));
        await stream.WriteAsync("5 <34>b"u8.ToArray());

        var lines = await LinesAsync(2);
        Assert.Equal(65_535 - 4, lines[0].Length);
        Assert.Equal("b", lines[1]);
    }

    [Fact]
    public async Task An_unfinished_frame_is_no_line()
    {
        await using (var stream = await ConnectAsync(_receiver))
            await stream.WriteAsync("5 <34>a99 <34>half"u8.ToArray());
        await using (var stream = await ConnectAsync(_receiver))
            await stream.WriteAsync("5 <34>b"u8.ToArray());

        Assert.Equal(["a", "b"], await LinesAsync(2));
    }

    [Fact]
    public async Task Who_speaks_no_tls_is_counted()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _receiver.TcpPort);
        await client.GetStream().WriteAsync("5 <34>a and more that is no TLS at all\n"u8.ToArray());

        Assert.True(SpinWait.SpinUntil(() => _receiver.Unauthenticated == 1, LineSink.Deadline));
        Assert.False(_lines.Reader.TryRead(out _));
    }

    [Fact]
    public async Task Who_only_connects_is_cut_off_in_time()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _receiver.TcpPort);
        var read = ReadAsync(client.GetStream());

        // Time goes on until the receiver, which began to wait at some moment, has had enough.
        Assert.True(
            SpinWait.SpinUntil(
                () =>
                {
                    _time.Advance(TimeSpan.FromSeconds(11));
                    return read.IsCompleted;
                },
                LineSink.Deadline
            )
        );
        Assert.Equal(0, await read);
    }

    [Fact]
    public async Task Where_a_certificate_is_asked_for_only_one_of_the_authority_is_heard()
    {
        using var good = Sign("web1", _authority);
        using var otherAuthority = MakeAuthority("clients");
        using var other = Sign("web1", otherAuthority);
        foreach (var certificate in new[] { null, other })
            await RefusedAsync(certificate);

        await using var stream = await ConnectAsync(_strict, good);
        await stream.WriteAsync("5 <34>a"u8.ToArray());
        Assert.Equal(["a"], await LinesAsync(1));
        Assert.Equal(2, _strict.Unauthenticated);
    }

    [Fact]
    public async Task New_certificates_are_for_new_connections_and_those_that_are_there_go_on()
    {
        await using var before = await ConnectAsync(_receiver);
        var shown = before.RemoteCertificate!.GetCertHashString();
        using var authority = MakeAuthority("servers");
        using var server = Sign("loghost", authority);
        File.WriteAllText(PathOf("server.pem"), server.ExportCertificatePem());
        File.WriteAllText(PathOf("server.key"), server.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());

        _receiver.Use(SyslogTlsOptions.Load(PathOf("server.pem"), PathOf("server.key"), null));

        await using var after = await ConnectAsync(_receiver);
        Assert.Equal(server.GetCertHashString(), after.RemoteCertificate!.GetCertHashString());
        Assert.NotEqual(shown, server.GetCertHashString());
        await before.WriteAsync("5 <34>a"u8.ToArray());
        Assert.Equal(["a"], await LinesAsync(1));
    }

    [Theory]
    [InlineData("missing.pem", "server.key", null)]
    [InlineData("server.pem", "server.pem", null)]
    [InlineData("server.key", "server.key", null)]
    [InlineData("server.pem", "server.key", "server.key")]
    [InlineData("clients.pem", "server.key", null)]
    public void Files_that_do_not_fit_are_refused(string certificate, string key, string? authority)
    {
        var error = Record.Exception(() =>
            SyslogTlsOptions.Load(PathOf(certificate), PathOf(key), authority is null ? null : PathOf(authority))
        );

        Assert.True(error is IOException or CryptographicException or ArgumentException, error?.ToString());
    }

    private SyslogReceiver Open(string? clientAuthority)
    {
        var receiver = new SyslogReceiver(
            new SyslogReceiverOptions
            {
                Address = IPAddress.Loopback,
                Port = 0,
                TakesUdp = false,
                TakesTcp = true,
                Tls = SyslogTlsOptions.Load(PathOf("server.pem"), PathOf("server.key"), clientAuthority),
                Allowed = [BlockTarget.Of(IPAddress.Loopback)],
            },
            line => _lines.Writer.WriteAsync(line),
            _lines.Writer.TryWrite,
            _time,
            NullLogger.Instance
        );
        receiver.Start();
        return receiver;
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    // In TLS 1.3 a client learns only when it reads that its certificate was refused.
    private async Task RefusedAsync(X509Certificate2? certificate)
    {
        try
        {
            await using var stream = await ConnectAsync(_strict, certificate);
            Assert.Equal(0, await ReadAsync(stream));
        }
        catch (Exception e) when (e is IOException or System.Security.Authentication.AuthenticationException)
        {
            // Refused at once.
        }
    }

    private static async Task<SslStream> ConnectAsync(SyslogReceiver receiver, X509Certificate2? certificate = null)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, receiver.TcpPort);
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        await stream.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "loghost",
                ClientCertificates = certificate is null ? null : [certificate],
                RemoteCertificateValidationCallback = (_, server, _, _) => server?.Subject == "CN=loghost",
            }
        );
        return stream;
    }

    private static async Task<int> ReadAsync(Stream stream)
    {
        using var deadline = new CancellationTokenSource(LineSink.Deadline);
        try
        {
            return await stream.ReadAsync(new byte[1], deadline.Token);
        }
        catch (IOException)
        {
            return 0; // cut off with a reset: the same to whoever sends
        }
    }

    private async Task<string[]> LinesAsync(int count)
    {
        using var deadline = new CancellationTokenSource(LineSink.Deadline);
        var lines = new string[count];
        for (var i = 0; i < count; i++)
            lines[i] = Encoding.UTF8.GetString((await _lines.Reader.ReadAsync(deadline.Token)).Text);
        return lines;
    }

    private static X509Certificate2 MakeAuthority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(30));
    }

    private static X509Certificate2 Sign(string name, X509Certificate2 authority)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256);
        using var certificate = request.Create(
            authority,
            TimeProvider.System.GetUtcNow().AddHours(-1),
            TimeProvider.System.GetUtcNow().AddDays(1),
            RandomNumberGenerator.GetBytes(16)
        );
        return certificate.CopyWithPrivateKey(key);
    }
}
