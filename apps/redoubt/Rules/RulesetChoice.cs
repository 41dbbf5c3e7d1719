using System.CommandLine;
using System.Text;
using Redoubt.App.Commands;
using Redoubt.App.Up;
using Redoubt.Config;
using Redoubt.Engine;
using Redoubt.Host;
using Redoubt.Model;

namespace Redoubt.App.Rules;

/// <summary>The options by which the offline tools choose their rules: a home, folders named one by one, or neither (the shipped rules).</summary>
internal sealed class RulesetChoice
{
    private readonly Option<string?> _home = CommonOptions.Home();
    private readonly Option<string[]> _decoders = new("--decoders") { Description = "Folder of decoders; may repeat." };
    private readonly Option<string[]> _rules = new("--rules") { Description = "Folder of rules; may repeat." };
    private readonly Option<string?> _lists = new("--lists") { Description = "Folder of lists." };
    private readonly Option<Compatibility?> _compatibility = CommonOptions.Compatibility();

    /// <param name="takesSeveral">Whether one <c>--rules</c> may name several folders; not where a verb wants files behind it.</param>
    internal RulesetChoice(bool takesSeveral = false)
    {
        _home.Description = "Home whose rules and configuration are used; default: the shipped ones.";
        _decoders.AllowMultipleArgumentsPerToken = _rules.AllowMultipleArgumentsPerToken = takesSeveral;
    }

    /// <summary>The options, for a verb.</summary>
    internal Symbol[] Options => [_home, _decoders, _rules, _lists, _compatibility];

    /// <summary>Loads what was chosen; what is wrong with it is told on standard error.</summary>
    /// <exception cref="StartException">A folder is missing (3), options contradict (2), or the rules do not load (1).</exception>
    internal LoadedRules Load(ParseResult parsed)
    {
        var home = parsed.GetValue(_home);
        var decoders = parsed.GetValue(_decoders) ?? [];
        var rules = parsed.GetValue(_rules) ?? [];
        var lists = parsed.GetValue(_lists);
        if (home is not null && (decoders.Length > 0 || rules.Length > 0 || lists is not null))
            throw new StartException("--home names all rules; leave --decoders, --rules and --lists away.", StartException.Usage);

        CommonOptions.RequireFolders([home, lists, .. decoders, .. rules]);
        var diagnostics = new DiagnosticBag();
        var paths = home is null ? null : HomePaths.Under(home);
        var configuration = Configuration(paths, decoders.Length == 0 && rules.Length == 0, diagnostics);
        var mode = configuration.CompatibilityOr(parsed.GetValue(_compatibility));
        var source = paths is null
            ? RulesetFiles.OfFolders(decoders, rules, lists, mode, diagnostics)
            : RulesetFiles.OfHome(paths, configuration.Ruleset, mode, diagnostics);
        var ruleset = Ruleset.Load(source, diagnostics);
        foreach (var diagnostic in diagnostics.All.Where(d => d.Severity != Severity.Note))
            Console.Error.WriteLine(Terminal.Plain(diagnostic.ToString()));

        return ruleset is null || diagnostics.HasErrors
            ? throw new StartException("The rules do not load; see the diagnostics above.", StartException.Refused)
            : new LoadedRules(ruleset, configuration, paths);
    }

    private static Configuration Configuration(HomePaths? paths, bool isShipped, DiagnosticBag diagnostics)
    {
        if (paths is not null)
            return ConfigurationReader.ReadFile(paths.ConfigurationFile, diagnostics);

        return isShipped
            ? ConfigurationReader.Read(Encoding.UTF8.GetBytes(DefaultPolicy.Text(enforce: false)), "built-in policy", diagnostics)
            : new Configuration();
    }
}
