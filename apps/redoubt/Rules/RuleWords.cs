using System.Globalization;
using Redoubt.App.Commands;
using Redoubt.Decide;
using Redoubt.Engine.Explain;
using Redoubt.Model;

namespace Redoubt.App.Rules;

/// <summary>What tools say about rules and responses, in words.</summary>
internal static class RuleWords
{
    /// <summary>All groups, those of compliance too, as rule files write them.</summary>
    internal static IEnumerable<string> GroupsOf(RuleSummary rule) =>
        rule
            .GroupString.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Distinct(StringComparer.Ordinal);

    /// <summary>Id, level and description in one line.</summary>
    internal static string Line(RuleSummary rule) =>
        Terminal.Plain(string.Create(CultureInfo.InvariantCulture, $"{rule.Id} (level {rule.Level}) {rule.Description}"));

    /// <summary>Where it stands.</summary>
    internal static string Place(RuleSummary rule) =>
        Terminal.Plain(string.Create(CultureInfo.InvariantCulture, $"{rule.File}:{rule.Line}"));

    /// <summary>Decoders whose source address is not proven, in words; at least one.</summary>
    internal static string Unproven(IReadOnlyList<SourceReading> sources)
    {
        const int shown = 3;
        var names = string.Join(", ", sources.Select(source => source.Decoder).Distinct(StringComparer.Ordinal).Take(shown));
        var decoders =
            sources.Count == 1 ? "decoder " + names : $"{sources.Count} decoders ({names}{(sources.Count > shown ? " …" : string.Empty)})";
        return Terminal.Plain(
            $"{decoders} may take a client's text for the source; each line is looked at, and one that names two sources leads to no response"
        );
    }

    /// <summary>The responses of a configuration that are bound to a rule, in words.</summary>
    internal static IEnumerable<string> ResponsesOf(RuleSummary rule, DecideOptions options)
    {
        foreach (var response in options.Responses)
        {
            var why = response.BindingTo(rule) switch
            {
                ResponseBinding.ById => "by its id",
                ResponseBinding.ByProperty => "by " + Property(response),
                _ => null,
            };
            if (why is not null)
                yield return Terminal.Plain(
                    $"{response.Command.Name} on {Hosts(response)}, {Time(response.TimeoutSeconds)}, bound {why}{Mode(response, options)}"
                );
        }
    }

    private static string Property(ActiveResponseOptions response) =>
        (response.RulesGroup is not null, response.Level > 0) switch
        {
            (true, true) => string.Create(CultureInfo.InvariantCulture, $"its group and level {response.Level}"),
            (true, false) => "its group",
            _ => string.Create(CultureInfo.InvariantCulture, $"level {response.Level}"),
        };

    private static string Hosts(ActiveResponseOptions response)
    {
        var hosts = new List<string>();
        if (response.Hosts.HasFlag(ResponseHosts.Local))
            hosts.Add("the host of the line");

        if (response.Hosts.HasFlag(ResponseHosts.Server))
            hosts.Add("the manager's host");

        if (response.Hosts.HasFlag(ResponseHosts.DefinedAgent))
            hosts.Add("agents " + string.Join(", ", response.AgentIds));

        if (response.Hosts.HasFlag(ResponseHosts.All))
            hosts.Add("all agents");

        if (response.Hosts.HasFlag(ResponseHosts.Group))
            hosts.Add("groups " + string.Join(", ", response.GroupNames));

        return string.Join(" and ", hosts);
    }

    private static string Time(long seconds) => seconds == 0 ? "until removed" : "for " + Terminal.Duration(seconds);

    private static string Mode(ActiveResponseOptions response, DecideOptions options) =>
        options.Mode == ResponseMode.Observe || response.Mode == ResponseMode.Observe ? " (observe mode)" : string.Empty;
}
