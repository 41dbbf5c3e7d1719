using System.Globalization;

namespace Redoubt.Respond.Scripts;

/// <summary>Arguments and environment of a response program.</summary>
/// <remarks>Each value is one word, unescaped: no shell reads it. Source: active-response.md section 7.</remarks>
internal static class ScriptArguments
{
    // The kernel refuses a word over 128 KiB; a longer value would make the response fail, and its length is the attacker's to choose.
    private const int MaxWordCharacters = 16 * 1024;

    private const string SearchPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <summary>The words after the program's own, as OSSEC gives them.</summary>
    /// <param name="action"><c>add</c> or <c>delete</c>.</param>
    /// <param name="order">The request.</param>
    /// <param name="facts">What its alert says.</param>
    internal static List<string> Legacy(string action, Order order, AlertFacts facts)
    {
        var request = order.Request;
        List<string> words =
        [
            action,
            OrDash(request.User),
            order.HasTarget ? order.Target.ToString() : "-",
            request.AlertId ?? "(from_the_server)",
            request.RuleId > 0 ? Number(request.RuleId) : "(no_rule_id)",
            .. facts.Location.Count == 0 ? ["-"] : facts.Location,
            OrDash(facts.FileName),
            .. request.ExtraArguments.Length == 0 ? ["-"] : request.ExtraArguments,
        ];
        return words.ConvertAll(Word);
    }

    /// <summary>The whole environment of a response program: nothing of the enforcer's own gets into it but the time zone.</summary>
    internal static List<string> Environment(string action, Order order, AlertFacts facts)
    {
        var request = order.Request;
        List<string> variables =
        [
            SearchPath,
            "HOME=/root",
            "LANG=C.UTF-8",
            "AR_ACTION=" + action,
            "AR_SRCIP=" + (order.HasTarget ? order.Target.ToString() : ""),
            "AR_USER=" + request.User,
            "AR_ALERT_ID=" + request.AlertId,
            "AR_RULE_ID=" + (request.RuleId > 0 ? Number(request.RuleId) : ""),
            "AR_AGENT_ID=" + facts.AgentId,
            "AR_AGENT_NAME=" + facts.AgentName,
            "AR_FILENAME=" + facts.FileName,
            "AR_TIMEOUT=" + Number(request.DurationMilliseconds / 1000),
        ];
        if (System.Environment.GetEnvironmentVariable("TZ") is { Length: > 0 } zone)
            variables.Add("TZ=" + zone);
        return variables.ConvertAll(Word);
    }

    private static string OrDash(string? text) => string.IsNullOrEmpty(text) ? "-" : text;

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    // A NUL would end the word for the program, and let what follows it go unseen.
    private static string Word(string text)
    {
        var word = text.Length <= MaxWordCharacters ? text : text[..MaxWordCharacters];
        return word.Replace('\0', '\uFFFD');
    }
}
