using System.Globalization;
using Redoubt.Config;
using Redoubt.Decide;
using Redoubt.Engine;
using Redoubt.Model;

namespace Redoubt.App.Manager;

/// <summary>Says which responses act on rules whose source address is not proven to be written by the daemon itself.</summary>
internal static class UnprovenResponses
{
    private const int ShownRules = 6;

    /// <summary>One note for each response that acts on an address and has such rules.</summary>
    internal static void Report(Configuration configuration, string file, Ruleset ruleset, DiagnosticBag diagnostics)
    {
        var unproven = ruleset.Rules.Where(rule => ruleset.UnprovenSources(rule.Id).Count > 0).ToList();
        foreach (var response in configuration.Decide.Responses.Where(r => KnownResponses.ActsOnAddress(r.Command.Executable)))
        {
            var bound = unproven.Where(rule => response.BindingTo(rule) != ResponseBinding.None).ToList();
            if (bound.Count > 0)
                diagnostics.Note(
                    file,
                    0,
                    0,
                    "CONF0054",
                    null,
                    $"{response.Command.Name} is bound to {Words(bound)}, whose source address may come from a client's text (ambiguous). Each line is looked at: one that names two sources leads to no response.",
                    "See the decoders with redoubt rules show ID."
                );
        }
    }

    private static string Words(List<RuleSummary> rules)
    {
        var ids = string.Join(", ", rules.Take(ShownRules).Select(rule => rule.Id.ToString(CultureInfo.InvariantCulture)));
        return rules.Count > ShownRules
            ? string.Create(CultureInfo.InvariantCulture, $"{rules.Count} rules ({ids} …)")
            : (rules.Count == 1 ? "rule " : "rules ") + ids;
    }
}
