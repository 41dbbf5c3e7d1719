using System.Text;
using Redoubt.Config;
using Redoubt.Model;

namespace Redoubt.Tests.Config;

public class RemoteTests
{
    private const string Tls =
        "<remote><connection>syslog</connection><protocol>tls</protocol><tls_certificate>/c</tls_certificate><tls_key>/k</tls_key><allowed-ips>192.0.2.0/24</allowed-ips></remote>";

    [Fact]
    public void Tls_has_its_files_and_a_port_of_its_own()
    {
        var remote = Assert.Single(Read(Tls));

        Assert.Equal((6514, true, false), (remote.Port, remote.Tcp, remote.Udp));
        Assert.Equal(new RemoteTlsFiles("/c", "/k", null), remote.Tls);
    }

    [Fact]
    public void Sections_that_say_the_same_are_equal_after_another_reading()
    {
        Assert.Equal(Read(Tls), Read(Tls));
        Assert.Equal(Read(Tls)[0].GetHashCode(), Read(Tls)[0].GetHashCode());
        Assert.NotEqual(Read(Tls), Read(Tls.Replace("192.0.2.0/24", "192.0.2.0/25", StringComparison.Ordinal)));
        Assert.NotEqual(Read(Tls), Read(Tls.Replace("/k", "/other", StringComparison.Ordinal)));
    }

    private static IReadOnlyList<RemoteSyslogOptions> Read(string text)
    {
        var diagnostics = new DiagnosticBag();
        var read = ConfigurationReader.Read(
            Encoding.UTF8.GetBytes($"<redoubt_config>{text}</redoubt_config>"),
            "redoubt.conf",
            diagnostics
        );
        Assert.Empty(diagnostics.All);
        return read.RemoteSyslog;
    }
}
