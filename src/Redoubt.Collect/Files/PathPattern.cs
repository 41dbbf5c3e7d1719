using System.IO.Enumeration;

namespace Redoubt.Collect.Files;

/// <summary>A path with <c>*</c>, <c>?</c> or date codes.</summary>
/// <remarks>Cost: one pass over each folder with a wildcard below it. A wildcard matches no name that begins with a dot.</remarks>
internal static class PathPattern
{
    internal static bool IsPattern(string path) => path.AsSpan().IndexOfAny('*', '?', '%') >= 0;

    internal static bool HasWildcards(string path) => path.AsSpan().IndexOfAny('*', '?') >= 0;

    /// <summary>The files that match at present; without wildcards the path itself, whether it exists or not.</summary>
    /// <param name="pattern">Date codes already replaced.</param>
    /// <param name="followed">Logs that are followed: between a rename and the new file a log is missing, and its rotated file is still no
    /// log of its own.</param>
    internal static List<string> Match(string pattern, IEnumerable<string> followed)
    {
        List<string> found = ["/"];
        var segments = pattern.Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < segments.Length; i++)
        {
            var isLast = i == segments.Length - 1;
            found = HasWildcards(segments[i])
                ? [.. found.SelectMany(folder => Names(folder, segments[i], isLast))]
                :
                [
                    .. found
                        .Select(folder => Path.Combine(folder, segments[i]))
                        .Where(path => isLast || Directory.Exists(path) || !HasWildcards(pattern)),
                ];
        }

        // A rotated file is read by the source of the log that it was.
        var names = found.Concat(followed).ToHashSet(StringComparer.Ordinal);
        return [.. found.Where(path => !IsRotatedFrom(path, names)).Order(StringComparer.Ordinal)];
    }

    private static bool IsRotatedFrom(string path, HashSet<string> names)
    {
        var byText = names.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var end = path.LastIndexOfAny(['.', '-']); end > path.LastIndexOf('/') + 1; end = path.LastIndexOfAny(['.', '-'], end - 1))
        {
            var log = path.AsSpan(0, end);
            if (RotatedFiles.IsRotatedName(path, log) && byText.Contains(log))
                return true;
        }

        return false;
    }

    private static IEnumerable<string> Names(string folder, string pattern, bool files)
    {
        try
        {
            return
            [
                .. new FileSystemEnumerable<string>(folder, (ref FileSystemEntry entry) => entry.ToSpecifiedFullPath())
                {
                    ShouldIncludePredicate = (ref FileSystemEntry entry) =>
                        entry.IsDirectory != files
                        && (pattern[0] == '.' || entry.FileName[0] != '.')
                        && FileSystemName.MatchesSimpleExpression(pattern, entry.FileName, ignoreCase: false),
                },
            ];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A folder that is gone or closed matches nothing now; it is looked at again.
            return [];
        }
    }
}
