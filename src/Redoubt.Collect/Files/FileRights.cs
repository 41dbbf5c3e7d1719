using Microsoft.Win32.SafeHandles;
using Redoubt.Collect.Native;

namespace Redoubt.Collect.Files;

/// <summary>Whether only root can have written a file: it and every folder above it is root's and writable for nobody else, and no
/// syslog daemon, which passes on what anybody says, writes into it.</summary>
/// <remarks>Cost: one look at each folder and at the configuration of the syslog daemons, when a file is opened.</remarks>
internal static class FileRights
{
    private const uint WritableForOthers = 0x2; // o+w
    private const uint WritableForGroup = 0x10; // g+w; where there are access lists, this is their upper bound

    private static readonly string[] SyslogConfigurations =
    [
        "/etc/rsyslog.conf",
        "/etc/rsyslog.d",
        "/etc/syslog-ng",
        "/etc/syslog.conf",
        "/etc/syslog.d",
    ];

    /// <summary>Judges an open file by where it stands now.</summary>
    internal static bool IsOfRootAlone(SafeFileHandle file, FileFacts facts)
    {
        if (!facts.IsRegular || !IsRoots(facts))
            return false;

        try
        {
            // The real path: links on the way are others' to change.
            var link = new FileInfo($"/proc/self/fd/{file.DangerousGetHandle()}");
            return link.LinkTarget is ['/', ..] path && IsOfRootAlone(path, "/") && !IsNamedIn(SyslogConfigurations, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // what cannot be looked at is not vouched for
        }
    }

    /// <summary>Judges a path without links, and the folders above it up to <paramref name="top"/>.</summary>
    internal static bool IsOfRootAlone(string path, string top)
    {
        for (var at = path; ; at = Path.GetDirectoryName(at)!)
        {
            if (!IsRoots(FileFacts.OfPath(at)))
                return false;

            if (at.Length <= top.Length)
                return true;
        }
    }

    /// <summary>Whether a path stands in one of these files, or in a file of one of these folders; one that cannot be read may name it.</summary>
    internal static bool IsNamedIn(IEnumerable<string> configurations, string path)
    {
        var files = configurations.SelectMany(c =>
            Directory.Exists(c) ? Directory.EnumerateFiles(c, "*", SearchOption.AllDirectories)
            : File.Exists(c) ? [c]
            : Enumerable.Empty<string>()
        );
        return files.Any(f => File.ReadAllText(f).Contains(path, StringComparison.Ordinal));
    }

    private static bool IsRoots(FileFacts facts) =>
        facts is { Exists: true, Owner: 0 }
        && (facts.Mode & WritableForOthers) == 0
        && (facts.Group == 0 || (facts.Mode & WritableForGroup) == 0);
}
