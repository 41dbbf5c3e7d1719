using Redoubt.Collect.Journald;
using Redoubt.Model;

namespace Redoubt.Tests.Collect.Journald;

public class JournalWriterTests
{
    [Theory]
    // Daemons of root.
    [InlineData("sshd", 0, "/usr/sbin/sshd", "ssh.service", LineOrigin.Verified)]
    [InlineData("sshd-session", 0, "/usr/lib/openssh/sshd-session", "ssh.service", LineOrigin.Verified)]
    [InlineData("sshd", 0, "", "ssh@3-10.0.0.5:22-10.0.0.6:41000.service", LineOrigin.Verified)]
    [InlineData("sshd", 0, "/usr/sbin/sshd", "session-4.scope", LineOrigin.Verified)]
    [InlineData("CRON", 0, "/usr/sbin/cron", "cron.service", LineOrigin.Verified)]
    [InlineData("sshd", 0, "/usr/bin/logger", "session-4.scope", LineOrigin.Relayed)]
    [InlineData("sshd", 0, "/home/alice/sshd", "", LineOrigin.Relayed)]
    [InlineData("sshd", 0, "", "", LineOrigin.Relayed)]
    // In the name of a daemon of root.
    [InlineData("sshd", 1000, "/usr/bin/logger", "session-4.scope", LineOrigin.Forged)]
    [InlineData("sshd", 1000, "", "", LineOrigin.Forged)]
    [InlineData("sshd", 1000, "/home/alice/sshd", "session-4.scope", LineOrigin.Forged)]
    [InlineData("sshd", 1000, "/usr/bin/logger", "ssh.service", LineOrigin.Forged)]
    [InlineData("sshdx", 1000, "/usr/bin/logger", "", LineOrigin.Forged)]
    [InlineData("sshd", 33, "/usr/bin/logger", "apache2.service", LineOrigin.Forged)]
    [InlineData("sshd", 65_534, "/usr/bin/logger", "", LineOrigin.Forged)]
    [InlineData("kernel", 1000, "/usr/bin/logger", "", LineOrigin.Forged)]
    [InlineData("sudo", 1000, "/usr/bin/logger", "session-4.scope", LineOrigin.Forged)]
    // His own sshd on a high port: genuine, and under his debugger.
    [InlineData("sshd", 1000, "/usr/sbin/sshd", "session-4.scope", LineOrigin.Unprivileged)]
    [InlineData("sshd", 1000, "/usr/sbin/sshd", "ssh.service", LineOrigin.Unprivileged)]
    // Programs that the kernel runs as root for him.
    [InlineData("sudo", 1000, "/usr/bin/sudo", "session-4.scope", LineOrigin.Relayed)]
    [InlineData("su", 1000, "/usr/bin/su", "session-4.scope", LineOrigin.Relayed)]
    // Daemons with an account of their own.
    [InlineData("postfix/smtpd", 101, "/usr/lib/postfix/sbin/smtpd", "postfix@-.service", LineOrigin.Verified)]
    [InlineData("named", 110, "/usr/sbin/named", "named.service", LineOrigin.Verified)]
    [InlineData("named", 110, "/usr/sbin/named", "bind9.service", LineOrigin.Relayed)]
    [InlineData("nginx", 33, "/usr/bin/logger", "nginx.service", LineOrigin.Relayed)]
    [InlineData("app", 61_200, "/usr/bin/app", "app.service", LineOrigin.Verified)]
    // Ordinary accounts.
    [InlineData("app", 1001, "/usr/bin/node", "app.service", LineOrigin.Relayed)]
    [InlineData("app", 1001, "/usr/bin/node", "user@1001.service", LineOrigin.Unprivileged)]
    [InlineData("app", 1001, "/usr/bin/node", "session-4.scope", LineOrigin.Unprivileged)]
    [InlineData("postfix/smtpd", 1000, "/usr/bin/logger", "session-4.scope", LineOrigin.Unprivileged)]
    [InlineData("postfix/smtpd", 1000, "/usr/bin/logger", "cron.service", LineOrigin.Unprivileged)]
    [InlineData("", 1000, "", "", LineOrigin.Unprivileged)]
    [InlineData("", 0, "", "", LineOrigin.Relayed)]
    [InlineData("/", 0, "/", ".service", LineOrigin.Relayed)]
    public void The_account_and_the_program_decide(string claimed, int uid, string executable, string unit, LineOrigin origin)
    {
        var standing = new JournalWriter(claimed, "syslog", (uint)uid, executable, unit).Judge();

        Assert.Equal(origin, standing.Origin);
        Assert.Equal(origin.IsClaimed(), standing.Writer is not null);
    }

    [Theory]
    [InlineData("kernel", LineOrigin.Verified)]
    [InlineData("audit", LineOrigin.Verified)]
    [InlineData("driver", LineOrigin.Verified)]
    [InlineData("syslog", LineOrigin.Relayed)]
    [InlineData("", LineOrigin.Relayed)]
    public void Without_an_account_only_the_kernel_and_the_journal_vouch(string transport, LineOrigin origin) =>
        Assert.Equal(origin, new JournalWriter("kernel", transport, Uid: null, "", "").Judge().Origin);

    [Fact]
    public void The_writer_is_told_in_one_line_of_plain_text() =>
        Assert.Equal(
            "'sshd_x' that uid 1000 wrote with /tmp/a_b in session-4.scope",
            new JournalWriter("sshd\nx", "syslog", 1000, "/tmp/a\u001bb", "session-4.scope").Judge().Writer
        );
}
