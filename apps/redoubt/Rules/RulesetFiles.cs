using System.Text;
using Redoubt.Config;
using Redoubt.Engine;
using Redoubt.Model;
using Redoubt.Patterns;

namespace Redoubt.App.Rules;

/// <summary>Finds and reads the decoder, rule and list files of a configuration, for the engine, which reads no files.</summary>
/// <remarks>Files of all folders are sorted together by base name, in byte order. Source: rule-engine.md 2.1.</remarks>
internal static class RulesetFiles
{
    /// <summary>The rules shipped with the program.</summary>
    internal static string ShippedFolder { get; } = Path.Combine(AppContext.BaseDirectory, "ruleset");

    /// <summary>What a home's configuration names; <c>ruleset/</c> is the home's own, or the shipped one where the home has none.</summary>
    internal static RulesetSource OfHome(HomePaths paths, RulesetOptions options, Compatibility compatibility, DiagnosticBag diagnostics) =>
        new()
        {
            Decoders = Read(paths, options.Decoders, options.DecoderExcludes, diagnostics),
            Rules = Read(paths, options.Rules, options.RuleExcludes, diagnostics),
            Lists = ReadLists(paths, options.Lists, diagnostics),
            Compatibility = compatibility,
        };

    /// <summary>The files of a configuration's lists, each once, whether they exist or not; a compiled one stands in for a missing text.</summary>
    internal static IReadOnlyList<string> ListFilesOf(HomePaths paths, RulesetOptions options) =>
        [.. options.Lists.Select(l => ListFile(paths, l)).Distinct(StringComparer.Ordinal)];

    /// <summary>Folders named one by one; none at all: the shipped ruleset.</summary>
    internal static RulesetSource OfFolders(
        IReadOnlyList<string> decoders,
        IReadOnlyList<string> rules,
        string? lists,
        Compatibility compatibility,
        DiagnosticBag diagnostics
    )
    {
        if (decoders.Count == 0 && rules.Count == 0)
            (decoders, rules) = ([Path.Combine(ShippedFolder, "decoders")], [Path.Combine(ShippedFolder, "rules")]);

        return new RulesetSource
        {
            Decoders = Sorted(decoders.SelectMany(d => InFolder(d, d, ".xml$", diagnostics)), diagnostics),
            Rules = Sorted(rules.SelectMany(d => InFolder(d, d, ".xml$", diagnostics)), diagnostics),
            Lists = lists is null ? [] : ReadListFolder(lists, diagnostics),
            Compatibility = compatibility,
        };
    }

    private static List<RulesetFile> Read(
        HomePaths paths,
        IReadOnlyList<RulesetPath> wanted,
        IReadOnlyList<string> excludes,
        DiagnosticBag diagnostics
    )
    {
        var files = new List<(string Configured, string Real)>();
        foreach (var path in wanted)
        {
            var real = Real(paths, path.Path);
            if (path.IsFolder)
                files.AddRange(InFolder(real, path.Path, path.Pattern, diagnostics));
            else if (File.Exists(real))
                files.Add((path.Path, real));
            else
                diagnostics.Warning(path.Path, 0, 0, "FILE0001", "1103", "The file is missing.", "Create it, or take it out of <ruleset>.");
        }

        files.RemoveAll(f => excludes.Any(e => IsExcluded(f.Configured, e)));
        if (files.Count == 0)
        {
            diagnostics.Warning(
                string.Join(", ", wanted.Select(w => w.Path)),
                0,
                0,
                "FILE0005",
                null,
                "No file is there, so nothing can be recognised.",
                "Put the files there, or leave <ruleset> away to use the shipped ones."
            );
        }

        return Sorted(files, diagnostics);
    }

    private static bool IsExcluded(string file, string exclude) =>
        string.Equals(file, exclude, StringComparison.Ordinal)
        || string.Equals(Path.GetFileName(file), exclude, StringComparison.Ordinal)
        || file.EndsWith("/" + exclude.TrimStart('/'), StringComparison.Ordinal);

    private static string Real(HomePaths paths, string configured)
    {
        var real = paths.Resolve(configured);
        const string shipped = "ruleset/";
        return configured.StartsWith(shipped, StringComparison.Ordinal) && !Directory.Exists(paths.Resolve("ruleset"))
            ? Path.Combine(ShippedFolder, configured[shipped.Length..])
            : real;
    }

    private static bool IsShipped(string file) =>
        Path.GetFullPath(file).StartsWith(ShippedFolder + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static IEnumerable<(string Configured, string Real)> InFolder(
        string real,
        string configured,
        string pattern,
        DiagnosticBag diagnostics
    )
    {
        if (!Directory.Exists(real))
            return [];

        if (OsRegex.Parse(Encoding.UTF8.GetBytes(pattern), out var problem) is not { } match)
        {
            diagnostics.Error(
                configured,
                0,
                0,
                "FILE0002",
                null,
                $"The pattern '{pattern}' is not valid: {problem}.",
                "Write an OS_Regex such as .xml$"
            );
            return [];
        }

        return Directory
            .EnumerateFiles(real)
            .Select(f => (Configured: Path.Combine(configured, Path.GetFileName(f)), Real: f))
            .Where(f => match.IsMatch(Encoding.UTF8.GetBytes(f.Configured)));
    }

    private static List<RulesetFile> Sorted(IEnumerable<(string Configured, string Real)> files, DiagnosticBag diagnostics)
    {
        var read = new List<RulesetFile>();
        foreach (var (configured, real) in files.OrderBy(f => Path.GetFileName(f.Configured), StringComparer.Ordinal))
        {
            if (TryRead(real, configured, diagnostics) is { } content)
                read.Add(new RulesetFile(configured, content) { IsShipped = IsShipped(real) });
        }

        return read;
    }

    private static List<RulesetFile> ReadLists(HomePaths paths, IReadOnlyList<string> lists, DiagnosticBag diagnostics)
    {
        var read = new List<RulesetFile>();
        foreach (var list in lists)
        {
            if (TryRead(ListFile(paths, list), list, diagnostics) is { } content)
                read.Add(new RulesetFile(list, content));
        }

        return read;
    }

    private static string ListFile(HomePaths paths, string list)
    {
        var real = Real(paths, list);
        return !File.Exists(real) && File.Exists(real + ".cdb") ? real + ".cdb" : real;
    }

    private static List<RulesetFile> ReadListFolder(string folder, DiagnosticBag diagnostics)
    {
        var read = new List<RulesetFile>();
        if (!Directory.Exists(folder))
        {
            diagnostics.Error(folder, 0, 0, "FILE0003", null, "The folder of lists is missing.", "Check the path.");
            return read;
        }

        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var name = "etc/lists/" + Path.GetRelativePath(folder, file);
            if (TryRead(file, name, diagnostics) is { } content)
                read.Add(new RulesetFile(name, content));
        }

        return read;
    }

    private static byte[]? TryRead(string path, string configured, DiagnosticBag diagnostics)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            diagnostics.Unreadable(configured, "FILE0004", e);
            return null;
        }
    }
}
