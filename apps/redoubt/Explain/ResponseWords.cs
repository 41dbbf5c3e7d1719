using System.Globalization;
using System.Text;
using Redoubt.App.Rules;
using Redoubt.Decide;
using Redoubt.Model;
using Redoubt.Respond.NeverBlock;

namespace Redoubt.App.Explain;

/// <summary>What a decision would do on its hosts.</summary>
internal static class ResponseWords
{
    /// <summary>The exact change: an element of the firewall's set, or the program with its arguments.</summary>
    internal static string? CommandOf(Decision decision, LoadedRules rules)
    {
        if (KnownResponses.ActsOnAddress(decision.Executable))
            return decision.Target is not { } target
                ? null
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"nft add element inet redoubt {(target.IsIPv6 ? "block6" : "block4")} {{ {target}{(decision.Seconds > 0 ? $" timeout {decision.Seconds}s" : string.Empty)} }}"
                );

        var folder = rules.Paths?.ResponsePrograms ?? "active-response/bin";
        return string.Join(' ', decision.Arguments.Prepend(Path.Combine(folder, decision.Executable)));
    }

    /// <summary>What the white list says about the source of an alert.</summary>
    internal static string AllowlistVerdict(Alert alert, DecideOptions options)
    {
        if (alert.Field("srcip") is not { Value.Length: > 0 } source)
            return "the line names no source address";

        var text = Encoding.UTF8.GetString(source.Value);
        BlockTarget? target = BlockTarget.TryParse(text, out var parsed) ? parsed : null;
        return options.Allowlist.FindProtecting(text, target) is { } entry
            ? $"{text} is protected by white_list {entry}"
            : $"no entry protects {text}";
    }

    /// <summary>What this host's never-block set says about the source of an alert; null when there is no address.</summary>
    internal static string? NeverBlockVerdict(Alert alert)
    {
        if (
            alert.Field("srcip") is not { Value.Length: > 0 } source
            || !BlockTarget.TryParse(Encoding.UTF8.GetString(source.Value), out var target)
        )
            return null;

        try
        {
            return HostProtection.WhyNot(target) is { } why ? $"this host never blocks it: {why}" : $"this host may block {target}";
        }
        catch (IOException e)
        {
            return $"this host could not be asked: {e.Message}";
        }
    }
}
