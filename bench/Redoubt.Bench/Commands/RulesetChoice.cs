using System.CommandLine;
using Redoubt.Engine;
using Redoubt.Model;

namespace Redoubt.Bench.Commands;

/// <summary>Which rules a measurement runs with: the built-in ones, or folders given on the command line.</summary>
internal sealed class RulesetChoice
{
    private readonly Option<string[]> _decoders = new("--decoders")
    {
        Description = "Folder of decoder files; may repeat. Default: the built-in ruleset.",
        HelpName = "DIR",
    };

    private readonly Option<string[]> _rules = new("--rules") { Description = "Folder of rule files; may repeat.", HelpName = "DIR" };
    private readonly Option<string?> _lists = new("--lists")
    {
        Description = "Folder of CDB lists, named etc/lists/… as rules name them.",
        HelpName = "DIR",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_decoders);
        command.Options.Add(_rules);
        command.Options.Add(_lists);
    }

    public RulesetSource Read(ParseResult parsed)
    {
        var (decoders, rules) = (parsed.GetValue(_decoders) ?? [], parsed.GetValue(_rules) ?? []);
        if (decoders.Length == 0 && rules.Length == 0)
        {
            var shipped = Path.Combine(AppContext.BaseDirectory, "ruleset");
            (decoders, rules) = ([Path.Combine(shipped, "decoders")], [Path.Combine(shipped, "rules")]);
        }

        return new RulesetSource
        {
            Decoders = XmlFiles(decoders),
            Rules = XmlFiles(rules),
            Lists = parsed.GetValue(_lists) is { } lists ? ListFiles(lists) : [],
        };
    }

    /// <summary>The same choice for a child process.</summary>
    public IEnumerable<string> ToArguments(ParseResult parsed) =>
        [
            .. (parsed.GetValue(_decoders) ?? []).SelectMany(d => new[] { "--decoders", d }),
            .. (parsed.GetValue(_rules) ?? []).SelectMany(d => new[] { "--rules", d }),
            .. parsed.GetValue(_lists) is { } lists ? ["--lists", lists] : Array.Empty<string>(),
        ];

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
