namespace Redoubt.Lab;

/// <summary>A real systemd-journald on a lab host, as Debian runs it: it owns <c>/dev/log</c> and passes everything on to rsyslog.</summary>
public static class Journald
{
    private const string Program = "/lib/systemd/systemd-journald";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(20);

    /// <summary>Why it cannot be run here, or null.</summary>
    public static string? WhyImpossible() => File.Exists(Program) ? null : "systemd-journald is not installed";

    /// <summary>Starts it; ready to take lines when it returns.</summary>
    internal static async Task<LabProcess> StartAsync(LabHost host)
    {
        // Its folder is readable for the group as systemd-tmpfiles makes it on a real host.
        const string prepare = """
            echo 0123456789abcdef0123456789abcdef >/etc/machine-id
            mkdir -p /run/systemd/journal /run/log/journal/0123456789abcdef0123456789abcdef /etc/systemd
            chgrp -R systemd-journal /run/log/journal
            chmod -R 2755 /run/log/journal
            printf '[Journal]\nStorage=volatile\nForwardToSyslog=yes\nReadKMsg=no\nAudit=no\n' >/etc/systemd/journald.conf
            ln -sf /run/systemd/journal/dev-log /dev/log
            """;
        await host.MustRunAsync("sh", "-ec", prepare);

        // It wants to know the unit of every sender, for which it needs the machine's groups of processes.
        var journald = host.Start(
            "sh",
            "-ec",
            $"mount -t cgroup2 none /sys/fs/cgroup || mount -t tmpfs none /sys/fs/cgroup; exec {Program}"
        );
        await Wait.UntilAsync(
            () => journald.HasExited || File.Exists(host.PathOf("/run/systemd/journal/dev-log")),
            "journald listens",
            StartLimit
        );
        return journald.HasExited ? throw new InvalidOperationException(journald.Said) : journald;
    }
}
