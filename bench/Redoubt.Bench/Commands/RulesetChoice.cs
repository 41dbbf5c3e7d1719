using System.CommandLine;
using Redoubt.Bench.Measure;
using Redoubt.Engine;

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
        return decoders.Length == 0 && rules.Length == 0
            ? RulesetFolders.Default()
            : RulesetFolders.Read(decoders, rules, parsed.GetValue(_lists));
    }

    /// <summary>The same choice for a child process.</summary>
    public IEnumerable<string> ToArguments(ParseResult parsed) =>
        [
            .. (parsed.GetValue(_decoders) ?? []).SelectMany(d => new[] { "--decoders", d }),
            .. (parsed.GetValue(_rules) ?? []).SelectMany(d => new[] { "--rules", d }),
            .. parsed.GetValue(_lists) is { } lists ? ["--lists", lists] : Array.Empty<string>(),
        ];
}
