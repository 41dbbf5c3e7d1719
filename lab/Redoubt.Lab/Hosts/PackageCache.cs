namespace Redoubt.Lab;

/// <summary>Debian packages that every host of the lab needs (OpenSSH, rsyslog, ping, iptables, ipset); about 4 MB.</summary>
public static class PackageCache
{
    private static readonly UnpackedPackages Packages = new()
    {
        FolderName = string.Empty,
        Complete = "complete-3",
        Wanted = ["openssh-server", "openssh-client", "openssh-sftp-server", "iputils-ping", "sshpass", "rsyslog", "iptables", "ipset"],
        Programs =
        [
            "usr/sbin/sshd",
            "usr/bin/ssh",
            "usr/bin/ssh-keygen",
            "usr/bin/ping",
            "usr/bin/sshpass",
            "usr/sbin/rsyslogd",
            "usr/sbin/xtables-nft-multi",
            "usr/sbin/xtables-legacy-multi",
            "usr/sbin/ipset",
        ],
    };

    /// <inheritdoc cref="UnpackedPackages.WhyImpossible"/>
    public static string? WhyImpossible() => Packages.WhyImpossible();

    /// <inheritdoc cref="UnpackedPackages.GetAsync"/>
    public static Task<string> GetAsync() => Packages.GetAsync();
}
