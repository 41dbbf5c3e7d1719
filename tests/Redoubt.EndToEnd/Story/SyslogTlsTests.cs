using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Redoubt.Lab;

namespace Redoubt.Tests.EndToEnd.Story;

/// <summary>Syslog over TLS from a plain client.</summary>
public class SyslogTlsTests : LabTest
{
    [Fact]
    public async Task Lines_of_a_tls_client_are_taken_and_a_reload_reads_the_certificate_again()
    {
        var (certificate, key) = (Path.Combine(Net.Folder, "loghost.pem"), Path.Combine(Net.Folder, "loghost.key"));
        BadInput.Certificates.WriteServer(certificate, key);
        var redoubt = await DeployAsync(
            new DeploymentOptions
            {
                Manager = $"""
                <remote>
                  <connection>syslog</connection>
                  <protocol>tls</protocol>
                  <tls_certificate>{certificate}</tls_certificate>
                  <tls_key>{key}</tls_key>
                  <allowed-ips>{Net.Bystander.IPv4}</allowed-ips>
                </remote>
                """,
            }
        );

        var first = await SendAsync("app: one of two");
        var line = await Wait.ForLineAsync(redoubt.ArchivesLog, l => l.EndsWith("app: one of two", StringComparison.Ordinal), "one", Soon);
        Assert.Contains($"{Net.Bystander.IPv4}", line, StringComparison.Ordinal);

        BadInput.Certificates.WriteServer(certificate, key);
        await ReloadAsync(redoubt);
        var second = await SendAsync("app: two of two");
        Assert.NotEqual(first, second);
        await Wait.ForLineAsync(redoubt.ArchivesLog, l => l.EndsWith("app: two of two", StringComparison.Ordinal), "two", Soon);

        // A file that cannot be used leaves what was read before in force, and says so.
        await File.WriteAllTextAsync(key, "no key");
        await ReloadAsync(redoubt);
        await redoubt.Manager.Error.WaitForAsync("TLS on port 6514 cannot be used: .*What was read before stays in force", Soon);
        Assert.Equal(second, await SendAsync("app: three of two"));
    }

    private static async Task ReloadAsync(Deployment redoubt)
    {
        var reloaded = await redoubt.RedoubtAsync("reload", "--home", redoubt.ManagerHome);
        Assert.True(reloaded.Succeeded, $"{reloaded}");
    }

    /// <returns>Fingerprint of the certificate that the manager showed.</returns>
    private Task<string> SendAsync(string line) =>
        Net.Bystander.InNetworkAsync(() =>
        {
            using var client = new TcpClient();
            client.Connect(new IPEndPoint(Net.Manager.IPv4, 6514));
#pragma warning disable CA5359 // Which certificate is shown is what the test asks.
            using var tls = new SslStream(client.GetStream(), false, (_, _, _, _) => true);
#pragma warning restore CA5359
            tls.AuthenticateAsClient("loghost");
            var message = Encoding.UTF8.GetBytes($"<34>Oct 11 22:14:15 web1 {line}");
            tls.Write([.. Encoding.UTF8.GetBytes($"{message.Length} "), .. message]);
            tls.ShutdownAsync().Wait();
            return tls.RemoteCertificate!.GetCertHashString();
        });
}
