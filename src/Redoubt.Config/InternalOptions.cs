using System.Globalization;

namespace Redoubt.Config;

/// <summary><c>etc/local_internal_options.conf</c>: lines of <c>name=value</c>, of which few mean something here.</summary>
public static class InternalOptions
{
    private const string RemoteCommandsName = "logcollector.remote_commands";

    /// <summary>Whether the owner of this host lets its manager name commands to run. A file that cannot be read allows nothing.</summary>
    /// <param name="path">The file.</param>
    public static bool TakesRemoteCommands(string path)
    {
        try
        {
            return File.ReadLines(path)
                    .Select(line => line.Split('=', 2, StringSplitOptions.TrimEntries))
                    .LastOrDefault(parts => parts.Length == 2 && parts[0] == RemoteCommandsName)
                    is { } found
                && int.TryParse(found[1], NumberStyles.None, CultureInfo.InvariantCulture, out var value)
                && value == 1;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
