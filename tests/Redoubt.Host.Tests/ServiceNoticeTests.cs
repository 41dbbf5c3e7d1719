using System.Globalization;
using Redoubt.Host;

namespace Redoubt.Tests.Host;

public class ServiceNoticeTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_life_is_told_to_a_socket_with_a_path_or_an_abstract_name(bool isAbstract)
    {
        using var systemd = new SystemdBox(isAbstract);
        using var notice = ServiceNotice.Create(systemd.Name, "60000000", null);

        notice.Ready("manager");
        Assert.Equal("READY=1", systemd.Receive());
        notice.Alive("940 rules\nof ours");
        Assert.Equal("WATCHDOG=1\nSTATUS=940 rules of ours", systemd.Receive());
        notice.Reloading();
        var reloading = systemd.Receive().Split('\n');
        Assert.Equal("RELOADING=1", reloading[0]);
        var told = long.Parse(reloading[1].Split("MONOTONIC_USEC=")[1], CultureInfo.InvariantCulture);
        var uptime = double.Parse(File.ReadAllText("/proc/uptime").Split(' ')[0], CultureInfo.InvariantCulture);
        Assert.InRange(told, 1, (long)((uptime + 1) * 1_000_000));
        notice.Running();
        Assert.Equal("READY=1", systemd.Receive());
        notice.Hung("hangs: the analysis");
        Assert.Equal("STATUS=hangs: the analysis", systemd.Receive());
        notice.Stopping();
        Assert.Equal("STOPPING=1", systemd.Receive());
        Assert.True(systemd.IsSilent);
    }

    [Fact]
    public void Without_a_watchdog_only_the_status_is_told()
    {
        using var systemd = new SystemdBox();
        using var notice = ServiceNotice.Create(systemd.Name, null, null);

        notice.Alive("works");

        Assert.Equal("STATUS=works", systemd.Receive());
    }

    [Theory]
    [InlineData("30000000", null, 30.0)]
    [InlineData("30000000", "", 30.0)]
    [InlineData("500000", "OWN", 0.5)]
    [InlineData("30000000", "1", null)] // systemd watches another process
    [InlineData("0", null, null)]
    [InlineData("-1", null, null)]
    [InlineData("soon", null, null)]
    [InlineData("", null, null)]
    [InlineData("99999999999999999999", null, null)]
    [InlineData("9223372036854775807", null, null)]
    public void The_watchdog_is_what_the_environment_says_and_none_where_it_says_nonsense(string text, string? process, double? seconds)
    {
        using var systemd = new SystemdBox();
        using var notice = ServiceNotice.Create(
            systemd.Name,
            text,
            process == "OWN" ? Environment.ProcessId.ToString(CultureInfo.InvariantCulture) : process
        );

        Assert.Equal(seconds, notice.Watchdog?.TotalSeconds);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("@")]
    [InlineData("relative/path")]
    [InlineData("vsock:2:1234")]
    [InlineData("/nobody/listens/here")]
    [InlineData("/longer/than/a/name/of/a/socket/may/be/longer/than/a/name/of/a/socket/may/be/longer/than/a/name/of/a/socket/may/be")]
    public void Where_nobody_listens_nothing_happens(string? socket)
    {
        using var notice = ServiceNotice.Create(socket, "30000000", null);

        notice.Ready("manager");
        notice.Alive("works");
        notice.Stopping();
    }

    [Fact]
    public void A_supervisor_that_does_not_read_holds_nobody_up()
    {
        using var systemd = new SystemdBox();
        using var notice = ServiceNotice.Create(systemd.Name, null, null);

        for (var i = 0; i < 10_000; i++) // far more than a socket's queue takes
            notice.Alive("works");

        Assert.Equal("STATUS=works", systemd.Receive());
    }
}
