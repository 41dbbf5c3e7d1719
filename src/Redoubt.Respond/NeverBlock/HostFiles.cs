namespace Redoubt.Respond.NeverBlock;

/// <summary>Where the host says who its resolvers and administrators are.</summary>
/// <remarks>The defaults are those of every Linux; tests give others.</remarks>
public sealed record HostFiles
{
    /// <summary>The resolver's configuration.</summary>
    public string Resolvers { get; init; } = "/etc/resolv.conf";

    /// <summary>Configuration of the programs that set the clock: chrony, ntpd, systemd-timesyncd.</summary>
    public IReadOnlyList<string> TimeServers { get; init; } =
    ["/etc/chrony/chrony.conf", "/etc/chrony.conf", "/etc/ntp.conf", "/etc/ntpsec/ntp.conf", "/etc/systemd/timesyncd.conf"];

    /// <summary>Folders of further such files, and of what a lease (DHCP) gave.</summary>
    public IReadOnlyList<string> TimeServerFolders { get; init; } =
    [
        "/etc/chrony/conf.d",
        "/etc/chrony/sources.d",
        "/run/chrony-dhcp",
        "/etc/ntpsec/ntp.d",
        "/etc/systemd/timesyncd.conf.d",
        "/run/systemd/timesyncd.conf.d",
        "/run/systemd/netif/leases",
    ];

    /// <summary>Where programs with TCP wrappers look for whom to refuse.</summary>
    public string HostsDeny { get; init; } = "/etc/hosts.deny";

    /// <summary>The table of logins, <c>struct utmp</c> of glibc.</summary>
    public string Logins { get; init; } = "/var/run/utmp";

    /// <summary>The folder where systemd-logind describes its sessions, one file each: hosts without utmp have it.</summary>
    public string Sessions { get; init; } = "/run/systemd/sessions";

    /// <summary>The accounts.</summary>
    public string Accounts { get; init; } = "/etc/passwd";

    /// <summary>The groups.</summary>
    public string Groups { get; init; } = "/etc/group";

    /// <summary>The folder of the running processes.</summary>
    public string Processes { get; init; } = "/proc";

    /// <summary>Reads a file whole.</summary>
    /// <returns>Empty where there is none: it then names nobody.</returns>
    /// <exception cref="IOException">It is there but cannot be read.</exception>
    internal static byte[] ReadOrEmpty(string path)
    {
        // Asked at every block; an exception for a file that many hosts do not have would cost more than the block.
        if (!File.Exists(path))
            return [];

        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return [];
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"{path} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Reads the lines of a text file; see <see cref="ReadOrEmpty"/>.</summary>
    internal static string[] ReadLines(string path) => System.Text.Encoding.UTF8.GetString(ReadOrEmpty(path)).Split('\n');
}
