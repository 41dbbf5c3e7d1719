using System.Globalization;
using System.Net;

namespace Redoubt.Respond.NeverBlock;

/// <summary>Reads the sessions that systemd-logind keeps as files of <c>NAME=value</c> lines, for hosts that have no utmp any more.</summary>
/// <remarks>The address is the text that the login program gave (<c>REMOTE_HOST</c>); a host name there names nobody to us.</remarks>
internal static class LogindSessions
{
    /// <summary>The open sessions from other hosts.</summary>
    internal static IEnumerable<LoginSession> Read(HostFiles files)
    {
        if (!Directory.Exists(files.Sessions))
            yield break;

        string[] paths;
        try
        {
            paths = Directory.GetFiles(files.Sessions);
        }
        catch (DirectoryNotFoundException)
        {
            yield break;
        }

        // A session that has just ended leaves no file: an empty one is passed over. The .ref files are pipes and must not be opened.
        foreach (var path in paths.Where(p => !p.EndsWith(".ref", StringComparison.Ordinal)))
        {
            if (TryParse(HostFiles.ReadLines(path), out var session))
                yield return session;
        }
    }

    private static bool TryParse(string[] lines, out LoginSession session)
    {
        session = default;
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in lines)
        {
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
                values[line[..equals]] = line[(equals + 1)..];
        }

        if (
            !values.TryGetValue("REMOTE_HOST", out var host)
            || !IPAddress.TryParse(host, out var address)
            || !values.TryGetValue("USER", out var user)
            || !long.TryParse(values.GetValueOrDefault("REALTIME"), NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds)
            || values.GetValueOrDefault("STATE") is "closing"
        )
            return false;

        session = new LoginSession(user, address, microseconds / 1000);
        return true;
    }
}
