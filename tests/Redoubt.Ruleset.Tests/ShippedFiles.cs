using System.Text;

namespace Redoubt.Tests.Ruleset;

/// <summary>The files of <c>ruleset/</c> and its reference page, as they were when the tests were built.</summary>
public static class ShippedFiles
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "ruleset");

    /// <summary>XML files of a folder in reading order: by base name, bytes.</summary>
    public static IReadOnlyList<KeyValuePair<string, byte[]>> Xml(string folder) =>
        [
            .. Directory
                .GetFiles(Path.Combine(Folder, folder), "*.xml")
                .OrderBy(Path.GetFileName, StringComparer.Ordinal)
                .Select(path => KeyValuePair.Create($"ruleset/{folder}/{Path.GetFileName(path)}", File.ReadAllBytes(path))),
        ];

    /// <summary>File names of the cases.</summary>
    public static IReadOnlyList<string> CaseFiles() =>
        [
            .. Directory
                .GetFiles(Path.Combine(Folder, "tests"), "*.jsonl")
                .Select(path => Path.GetFileName(path))
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>Lines of a file under <c>ruleset/tests</c>, empty ones left out.</summary>
    public static IReadOnlyList<string> Lines(string file) =>
        [.. File.ReadAllLines(Path.Combine(Folder, "tests", file), Encoding.UTF8).Where(line => line.Length > 0)];

    /// <summary>The reference pages of the rules: the page of the ruleset, then one for each family.</summary>
    public static IReadOnlyList<string> ReferencePages() =>
        [
            .. Directory
                .GetFiles(Path.Combine(AppContext.BaseDirectory, "docs"), "*.md", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)
                .SelectMany(path => File.ReadAllLines(path, Encoding.UTF8)),
        ];

    /// <summary>The messages of all families in which a client's text stands.</summary>
    public static IReadOnlyList<string> HostileMessages() =>
        [
            .. Directory
                .GetFiles(Path.Combine(Folder, "tests", "hostile"), "messages*.jsonl")
                .Order(StringComparer.Ordinal)
                .SelectMany(path => File.ReadAllLines(path, Encoding.UTF8))
                .Where(line => line.Length > 0),
        ];
}
