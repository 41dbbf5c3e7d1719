using Redoubt.Model;
using Redoubt.Respond.Scripts;

namespace Redoubt.Respond;

/// <summary>The names of our responses as links to this program in a folder of response programs.</summary>
public static class StockLinks
{
    private const UnixFileMode FolderMode =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute;

    /// <summary>Makes them.</summary>
    /// <param name="program">The whole path of this program.</param>
    /// <param name="home">The home whose enforcer they call.</param>
    /// <param name="into">Another folder that gets them too: that of a Wazuh agent, for instance; null for none.</param>
    /// <returns>One line for people for each that was made, or that was left alone because something else is there.</returns>
    /// <exception cref="IOException">A folder or link cannot be made.</exception>
    public static IEnumerable<string> Make(string program, string home, string? into)
    {
        var bin = Path.Join(home, ResponseFile.Folder);
        Directory.CreateDirectory(Path.Join(home, "active-response"), FolderMode);
        Directory.CreateDirectory(bin, FolderMode);
        foreach (var name in KnownResponses.Programs)
            yield return MakeOne(Path.Join(bin, name), program);
        if (into is null)
            yield break;

        // Through the home's own links: they say which home is meant.
        foreach (var name in KnownResponses.Programs)
            yield return MakeOne(Path.Join(into, name), Path.Join(bin, name));
    }

    /// <summary>The home that a program was called for through its links.</summary>
    /// <param name="called">The path it was called by.</param>
    /// <returns>The home of the last link that lies in an <c>active-response/bin</c>; null for none.</returns>
    public static string? HomeOf(string called)
    {
        string? home = null;
        var path = Path.GetFullPath(called);
        for (var i = 0; i < 8; i++)
        {
            var folder = Path.GetDirectoryName(path) ?? "/";
            if (folder.EndsWith("/" + ResponseFile.Folder, StringComparison.Ordinal))
                home = folder[..^(ResponseFile.Folder.Length + 1)];
            if (new FileInfo(path).LinkTarget is not { } target)
                break;

            path = Path.GetFullPath(target, folder);
        }

        return home;
    }

    private static string MakeOne(string path, string target)
    {
        var link = new FileInfo(path);
        if (link.LinkTarget is { } now)
        {
            if (now == target)
                return $"{path} is there";

            // A link of an earlier place of this program; anything else belongs to the owner.
            if (Path.GetFileName(now) != Path.GetFileName(target))
                return $"{path} leads to {now} and was left as it is";

            link.Delete();
        }
        else if (link.Exists)
        {
            return $"{path} is a file of its own and was left as it is";
        }

        File.CreateSymbolicLink(path, target);
        return $"{path} made";
    }
}
