using System.Globalization;
using System.Text;
using Redoubt.App.Rules.Testing;
using Redoubt.Model;

namespace Redoubt.App.Rules;

/// <summary>What a ruleset knows of one service: rules by kind of attack, and tests.</summary>
/// <param name="Service">The group that names it.</param>
/// <param name="Failure">Rules for one failed or refused login.</param>
/// <param name="BruteForce">Counts of such.</param>
/// <param name="Success">Rules for logins.</param>
/// <param name="Scan">Rules for looking around.</param>
/// <param name="Exploit">Rules for attacks on the program itself.</param>
/// <param name="Other">All other rules that raise an alert.</param>
/// <param name="Tests">Cases that end in one of its rules, or just miss one.</param>
internal sealed record RuleCoverage(string Service, int Failure, int BruteForce, int Success, int Scan, int Exploit, int Other, int Tests)
{
    // Groups that say what kind of lines a rule is for, or what kind of event it is, but not whose.
    private static readonly HashSet<string> Kinds = new(StringComparer.Ordinal) { "syslog", "web", "ossec", "windows", "firewall", "ids" };

    // A group that stands in front of a narrower one.
    private static readonly Dictionary<string, string> Narrower = new(StringComparer.Ordinal) { ["sshd"] = "dropbear" };

    private static readonly string[] Scans = ["recon", "web_scan", "scan", "connection_attempt"];

    private static readonly string[] Exploits =
    [
        "exploit_attempt",
        "attack",
        "sql_injection",
        "sqlinjection",
        "xss",
        "exploit",
        "web_attack",
        "appsec",
    ];

    /// <summary>Heads of the table.</summary>
    internal static IReadOnlyList<string> Heads => ["service", "failure", "brute force", "login", "scan", "exploit", "other", "tests"];

    /// <summary>The row of the table.</summary>
    internal IEnumerable<string> Cells =>
        new[] { Failure, BruteForce, Success, Scan, Exploit, Other, Tests }
            .Select(n => n == 0 ? "–" : n.ToString(CultureInfo.InvariantCulture))
            .Prepend(Service);

    /// <summary>One row a service, by name; rules of level 0 are not counted.</summary>
    internal static IReadOnlyList<RuleCoverage> Of(IEnumerable<RuleSummary> rules, IReadOnlyList<RuleTest> tests)
    {
        var perRule = new Dictionary<int, int>();
        foreach (var rule in tests.SelectMany(t => t.About.Distinct()))
            perRule[rule] = perRule.GetValueOrDefault(rule) + 1;

        return
        [
            .. rules
                .Where(r => ServiceOf(r) is not null)
                .GroupBy(r => ServiceOf(r)!, StringComparer.Ordinal)
                .Select(g => Row(g.Key, [.. g], perRule))
                .Where(r => r.Failure + r.BruteForce + r.Success + r.Scan + r.Exploit + r.Other > 0)
                .OrderBy(r => r.Service, StringComparer.Ordinal),
        ];
    }

    /// <summary>The table as a page of documentation.</summary>
    internal static string Markdown(IReadOnlyList<RuleCoverage> rows)
    {
        var page = new StringBuilder();
        page.Append("# What the shipped rules cover\n\n");
        page.Append(
            "Made by `redoubt rules coverage --tests ruleset/tests --markdown`; a test holds it true. Rules that raise an alert, by service\n"
        );
        page.Append("and kind of attack, and the cases in `ruleset/tests` that end in one of them or just miss one.\n\n");
        page.Append(
            CultureInfo.InvariantCulture,
            $"| {string.Join(" | ", Heads)} |\n|{string.Concat(Heads.Select((_, i) => i == 0 ? "---|" : "---:|"))}\n"
        );
        foreach (var row in rows)
            page.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", row.Cells)} |\n");

        return page.ToString();
    }

    private static RuleCoverage Row(string service, IReadOnlyList<RuleSummary> rules, Dictionary<int, int> tests)
    {
        var kinds = rules.Where(r => r.Level > 0).GroupBy(KindOf).ToDictionary(g => g.Key, g => g.Count());
        return new RuleCoverage(
            service,
            kinds.GetValueOrDefault(Kind.Failure),
            kinds.GetValueOrDefault(Kind.BruteForce),
            kinds.GetValueOrDefault(Kind.Success),
            kinds.GetValueOrDefault(Kind.Scan),
            kinds.GetValueOrDefault(Kind.Exploit),
            kinds.GetValueOrDefault(Kind.Other),
            rules.Sum(r => tests.GetValueOrDefault(r.Id))
        );
    }

    private static string? ServiceOf(RuleSummary rule)
    {
        var groups = RuleWords.GroupsOf(rule).Where(g => !Kinds.Contains(g)).ToArray();
        if (groups.Length == 0)
            return null;

        return groups.Length > 1 && Narrower.GetValueOrDefault(groups[0]) == groups[1] ? groups[1] : groups[0];
    }

    private static Kind KindOf(RuleSummary rule)
    {
        var groups = RuleWords.GroupsOf(rule).ToHashSet(StringComparer.Ordinal);
        return groups.Contains("authentication_failures")
            || (rule.Frequency is not null && groups.Overlaps(["authentication_failed", "invalid_login"]))
                ? Kind.BruteForce
            : groups.Overlaps(["authentication_failed", "invalid_login", "access_denied"]) ? Kind.Failure
            : groups.Contains("authentication_success") ? Kind.Success
            : groups.Overlaps(Scans) ? Kind.Scan
            : groups.Overlaps(Exploits) ? Kind.Exploit
            : Kind.Other;
    }

    private enum Kind
    {
        Other,
        Failure,
        BruteForce,
        Success,
        Scan,
        Exploit,
    }
}
