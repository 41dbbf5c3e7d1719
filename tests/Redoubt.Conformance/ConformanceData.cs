using System.Text.Json;

namespace Redoubt.Tests.Conformance;

/// <summary>Finds the conformance data: test material of other licences that never lies in this repository.</summary>
/// <remarks><c>$REDOUBT_CONFORMANCE</c>, else a folder <c>shared/conformance</c> beside the checkout.</remarks>
internal static class ConformanceData
{
    public static string? Root { get; } = Find();

    /// <summary>The path of a file or folder of the data; skips the calling test when there are none.</summary>
    public static string Path(params string[] parts)
    {
        if (Root is null)
            Assert.Skip("no conformance data: set REDOUBT_CONFORMANCE to its folder");

        return System.IO.Path.Combine([Root!, .. parts]);
    }

    /// <summary>The objects of a file with one JSON object a line.</summary>
    public static IEnumerable<JsonElement> Rows(string path)
    {
        foreach (var line in File.ReadLines(path))
        {
            if (line.Length > 0)
                yield return JsonElement.Parse(line);
        }
    }

    private static string? Find()
    {
        var configured = Environment.GetEnvironmentVariable("REDOUBT_CONFORMANCE");
        if (!string.IsNullOrEmpty(configured))
            return Directory.Exists(configured) ? configured : null;

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = System.IO.Path.Combine(folder.FullName, "shared", "conformance");
            if (Directory.Exists(candidate))
                return candidate;
        }

        return null;
    }
}
