using System.Xml.Linq;

namespace Redoubt.Tests.Architecture;

/// <summary>The checkout's files, as the tests of this project see them.</summary>
internal static class Sources
{
    internal static string Root { get; } = FindRoot();

    /// <summary>Projects of a top folder by name, each with the names of those it references.</summary>
    internal static IReadOnlyDictionary<string, string[]> Projects(string folder) =>
        Files(folder, "*.csproj")
            .ToDictionary(
                file => Path.GetFileNameWithoutExtension(file),
                file =>
                    XDocument
                        .Load(file)
                        .Descendants("ProjectReference")
                        .Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value.Replace('\\', '/')))
                        .ToArray()
            );

    /// <summary>Source files that people write, below the given top folders.</summary>
    internal static IEnumerable<string> Code(params string[] folders) => folders.SelectMany(f => Files(f, "*.cs"));

    /// <summary>Path below the checkout, for messages.</summary>
    internal static string Relative(string file) => Path.GetRelativePath(Root, file);

    private static IEnumerable<string> Files(string folder, string pattern)
    {
        var full = Path.Combine(Root, folder);
        if (!Directory.Exists(full))
            return [];

        return Directory
            .EnumerateFiles(full, pattern, SearchOption.AllDirectories)
            .Where(f => !Relative(f).Split('/').Any(part => part is "bin" or "obj"));
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Redoubt.slnx")))
            folder = folder.Parent;

        return folder?.FullName ?? throw new InvalidOperationException("No Redoubt.slnx above the test program.");
    }
}
