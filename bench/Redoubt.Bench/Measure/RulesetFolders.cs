using Redoubt.Engine;
using Redoubt.Model;

namespace Redoubt.Bench.Measure;

/// <summary>Reads rulesets from folders, for the engine, which reads no files.</summary>
internal static class RulesetFolders
{
    private const string Variable = "REDOUBT_BENCH_RULES";

    /// <summary>The ruleset of the folder in <c>REDOUBT_BENCH_RULES</c>, or the built-in one.</summary>
    public static RulesetSource Default()
    {
        var folder = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named
            ? named
            : Path.Combine(AppContext.BaseDirectory, "ruleset");
        var lists = Path.Combine(folder, "lists");
        return Read([Path.Combine(folder, "decoders")], [Path.Combine(folder, "rules")], Directory.Exists(lists) ? lists : null);
    }

    public static RulesetSource Read(string[] decoders, string[] rules, string? lists) =>
        new()
        {
            Decoders = XmlFiles(decoders),
            Rules = XmlFiles(rules),
            Lists = lists is null ? [] : ListFiles(lists),
        };

    /// <summary>Compiles the rules.</summary>
    /// <exception cref="InvalidOperationException">There are errors in them; the text names all.</exception>
    public static Ruleset Load(RulesetSource source)
    {
        var diagnostics = new DiagnosticBag();
        return Ruleset.Load(source, diagnostics)
            ?? throw new InvalidOperationException(
                "The rules do not load:\n" + string.Join('\n', diagnostics.All.Where(d => d.Severity == Severity.Error))
            );
    }

    private static List<RulesetFile> XmlFiles(string[] folders) =>
        [
            .. folders
                .SelectMany(folder => Directory.EnumerateFiles(folder, "*.xml"))
                .OrderBy(Path.GetFileName, StringComparer.Ordinal)
                .Select(file => new RulesetFile(file, File.ReadAllBytes(file))),
        ];

    private static List<RulesetFile> ListFiles(string folder) =>
        [
            .. Directory
                .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)
                .Select(file => new RulesetFile("etc/lists/" + Path.GetRelativePath(folder, file), File.ReadAllBytes(file))),
        ];
}
