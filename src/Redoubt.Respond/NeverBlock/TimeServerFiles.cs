using Redoubt.Model;

namespace Redoubt.Respond.NeverBlock;

/// <summary>The addresses that this host gets its time from, as configuration and leases write them.</summary>
/// <remarks>Reads <c>server</c>, <c>pool</c> and <c>peer</c> lines (chrony, ntpd) and <c>NTP=</c>, <c>FallbackNTP=</c> (systemd). Names are passed
/// over: a privileged process does not ask the network who is meant.</remarks>
internal static class TimeServerFiles
{
    private static readonly char[] Blanks = [' ', '\t', '\r'];
    private static readonly string[] Lines = ["server", "pool", "peer"];
    private static readonly string[] Keys = ["NTP=", "FallbackNTP="];

    /// <summary>The files that there are, and the folders, whose change tells of new ones.</summary>
    internal static IReadOnlyList<string> Paths(HostFiles files) =>
        [.. files.TimeServers, .. files.TimeServerFolders, .. files.TimeServerFolders.SelectMany(FilesIn)];

    /// <summary>Reads them all.</summary>
    /// <exception cref="IOException">One is there but cannot be read.</exception>
    internal static List<ProtectedTarget> Read(HostFiles files)
    {
        var found = new List<ProtectedTarget>();
        foreach (var path in files.TimeServers.Concat(files.TimeServerFolders.SelectMany(FilesIn)))
        {
            foreach (var line in HostFiles.ReadLines(path))
                Read(line, found);
        }

        return found;
    }

    private static void Read(string line, List<ProtectedTarget> into)
    {
        var text = line.AsSpan().Trim();
        foreach (var key in Keys)
        {
            if (text.StartsWith(key, StringComparison.Ordinal))
            {
                foreach (var word in text[key.Length..].ToString().Split(Blanks, StringSplitOptions.RemoveEmptyEntries))
                    Add(word, into);
                return;
            }
        }

        var words = line.Split(Blanks, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 2 || !Lines.Contains(words[0], StringComparer.OrdinalIgnoreCase))
            return;

        // ntpd lets -4 or -6 stand before the name.
        if (Array.Find(words[1..], w => !w.StartsWith('-')) is { } server)
            Add(server, into);
    }

    private static void Add(string word, List<ProtectedTarget> into)
    {
        if (BlockTarget.TryParse(word, out var target) && target.IsSingle)
            into.Add(new ProtectedTarget(target, "a time server of this host"));
    }

    private static string[] FilesIn(string folder)
    {
        try
        {
            return Directory.Exists(folder) ? Directory.GetFiles(folder) : [];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"{folder} cannot be read: {e.Message}", e);
        }
    }
}
