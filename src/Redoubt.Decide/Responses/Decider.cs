using System.Text;
using Redoubt.Model;

namespace Redoubt.Decide;

/// <summary>Turns alerts into decisions.</summary>
/// <remarks>Responses are bound to rules once, when rules or configuration are loaded. Immutable; threads: safe.
/// Cost: nothing for rules without a response. Source: active-response.md 1.4, 1.8, 2.2, 2.7.</remarks>
public sealed class Decider
{
    private readonly DecideOptions _options;
    private readonly Dictionary<int, List<Bound>> _byRule = [];
    private readonly HashSet<int> _loginRules = [];

    /// <summary>Binds the configured responses to the rules.</summary>
    public Decider(DecideOptions options, IEnumerable<RuleSummary> rules)
    {
        _options = options;
        foreach (var rule in rules)
        {
            if (rule.Groups.Contains(Login.Group, StringComparer.Ordinal))
                _loginRules.Add(rule.Id);

            foreach (var response in options.Responses)
            {
                var binding = response.BindingTo(rule);
                if (binding == ResponseBinding.None)
                    continue;

                if (!_byRule.TryGetValue(rule.Id, out var bound))
                    _byRule[rule.Id] = bound = [];

                bound.Add(new Bound(response, binding));
            }
        }
    }

    /// <summary>How many rules have a response.</summary>
    public int BoundRules => _byRule.Count;

    /// <summary>Whether lines of the rule tell successful logins.</summary>
    public bool TellsLogin(int ruleId) => _loginRules.Contains(ruleId);

    /// <summary>Whether the rule has a response at all.</summary>
    public bool HasResponse(int ruleId) => _byRule.ContainsKey(ruleId);

    /// <summary>What to do about an alert, in the order of the configuration; empty when nothing is bound to its rule.</summary>
    public IReadOnlyList<Decision> Decide(Alert alert)
    {
        if (alert.Rule is null || !_byRule.TryGetValue(alert.Rule.Id, out var bound))
            return [];

        var decisions = new List<Decision>(bound.Count);
        foreach (var (response, binding) in bound)
        {
            if (binding == ResponseBinding.ById || !IsOurResponseLog(alert))
                decisions.Add(Decide(alert, response));
        }

        return decisions;
    }

    private Decision Decide(Alert alert, ActiveResponseOptions response)
    {
        var source = SourceOf(alert);
        var text = source is null ? null : Encoding.UTF8.GetString(source.Value);
        // A prefix is no source of an event: taken as a target it would block addresses that did nothing.
        BlockTarget? target = BlockTarget.TryParse(text, out var parsed) && parsed.IsSingle ? parsed : null;
        var actsOnAddress = KnownResponses.ActsOnAddress(response.Command.Executable);
        var expected = ExpectedOf(response.Command, actsOnAddress);
        var actsElsewhere =
            KnownResponses.ActsOnSomethingElse(response.Command.Executable) || !expected.HasFlag(ExpectedFields.SourceAddress);
        var decision = new Decision
        {
            Alert = alert,
            Response = response.InternalName,
            Executable = response.Command.Executable,
            Arguments = response.Command.ExtraArguments,
            Target = actsElsewhere || (source is { ClientText: true } && !actsOnAddress) ? null : target,
            User =
                expected.HasFlag(ExpectedFields.User) && alert.ExactField("dstuser") is { } user
                    ? Encoding.UTF8.GetString(user.Value)
                    : null,
            Hosts = response.Hosts,
            AgentIds = response.AgentIds,
            GroupNames = response.GroupNames,
            Seconds = response.TimeoutSeconds,
            State = BlockState.Decided,
        };

        if (alert.Suspicion is { } suspicion)
            return Skip(decision, suspicion);

        if (OriginCheck.Refusal(alert.Origin, response.RequiredOrigin) is { } refusal)
            return Skip(decision, refusal);

        if (actsOnAddress)
        {
            if (text is null)
                return Skip(decision, "the alert names no source address");

            if (target is null)
                return Skip(decision, $"'{Printable(text)}' is not an address");

            if (source!.ClientText)
                return Skip(decision, "the source address stands in text that a client can type");
        }

        // What a custom program acts on is not known; it may well be the source.
        if (!actsElsewhere && !response.IgnoreWhiteList && text is not null && _options.Allowlist.FindProtecting(text, target) is { } entry)
        {
            return Skip(decision, $"white_list {entry}");
        }

        return ObservedBecause(alert, response) is { } reason ? decision with { State = BlockState.Observed, Reason = reason } : decision;
    }

    // The strictest of the three wins.
    private string? ObservedBecause(Alert alert, ActiveResponseOptions response) =>
        _options.Mode == ResponseMode.Observe ? "observe mode"
        : response.Mode == ResponseMode.Observe ? "observe mode of the response"
        : alert.Rule is { ObserveOnly: true } ? "observe mode of the rule"
        : null;

    // <expect> is for programs that get the arguments of OSSEC; the others read the alert itself, and always got all of it.
    private static ExpectedFields ExpectedOf(CommandOptions command, bool actsOnAddress) =>
        command is { IsLegacy: true, Expect: { } expected } && !actsOnAddress && !KnownResponses.ActsOnSomethingElse(command.Executable)
            ? expected
            : ExpectedFields.SourceAddress | ExpectedFields.User;

    private static Decision Skip(Decision decision, string reason) => decision with { State = BlockState.Skipped, Reason = reason };

    // Windows events keep their address elsewhere; the order is that of the stock programs.
    private static AlertField? SourceOf(Alert alert) =>
        alert.ExactField("win.eventdata.ipAddress") ?? alert.ExactField("win.eventdata.destinationIp") ?? alert.ExactField("srcip");

    // The legacy line's fields are read by children of ar_log.
    private static bool IsOurResponseLog(Alert alert) =>
        alert.Decoder is "ar_log" or "ar_log_json" || alert.DecoderParent is "ar_log" or "ar_log_json";

    private static string Printable(string text)
    {
        var short_ = text.Length > 64 ? text[..64] + "…" : text;
        return string.Concat(short_.Select(c => char.IsControl(c) ? '.' : c));
    }

    private sealed record Bound(ActiveResponseOptions Response, ResponseBinding Binding);
}
