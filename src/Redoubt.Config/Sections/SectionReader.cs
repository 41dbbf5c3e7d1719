using System.Globalization;
using Redoubt.Decide;
using Redoubt.Model;
using Redoubt.Model.Markup;

namespace Redoubt.Config;

/// <summary>Collects what the sections of one file say, and reports what is wrong with place and fix.</summary>
/// <remarks>The sections' own readers stand in the files beside this one.</remarks>
internal sealed partial class SectionReader(string file, DiagnosticBag diagnostics)
{
    private readonly List<CommandOptions> _commands = [];
    private readonly List<ActiveResponseOptions> _responses = [];
    private readonly List<AllowlistEntry> _allowlist = [];
    private readonly List<LocalFileOptions> _localFiles = [];
    private GlobalOptions _global = new();
    private BudgetOptions _budget = new();
    private LoginOptions _logins = new();
    private OffenderLadder _ladder = OffenderLadder.None;
    private readonly List<RemoteSyslogOptions> _remoteSyslog = [];
    private ExecutorOptions _executor = new();
    private RulesetOptions _ruleset = new()
    {
        Decoders = [],
        Rules = [],
        RuleExcludes = [],
    };
    private ClientOptions _client = new();
    private readonly Dictionary<string, HostLabel> _labels = new(StringComparer.Ordinal);

    internal Configuration Build() =>
        new()
        {
            Global = _global,
            Decide = new DecideOptions
            {
                Responses = _responses,
                Allowlist = new Allowlist(_allowlist),
                Mode = _global.Mode,
                Budget = _budget,
                Logins = _logins,
                Ladder = _ladder,
            },
            LocalFiles = _localFiles,
            Sockets = _sockets,
            RemoteSyslog = _remoteSyslog,
            Executor = _executor,
            Ruleset = RulesetOrDefaults(),
            AgentPort = _port,
            CertificateLifetime = _certificateLifetime,
            Client = _client,
            Labels = _labels,
        };

    internal void Error(MarkupElement at, string code, string? wazuh, string problem, string fix) =>
        diagnostics.Error(file, at.Line, at.Column, code, wazuh, problem, fix);

    internal void Warning(MarkupElement at, string code, string? wazuh, string problem, string fix) =>
        diagnostics.Warning(file, at.Line, at.Column, code, wazuh, problem, fix);

    internal void Note(MarkupElement at, string code, string? wazuh, string problem, string fix) =>
        diagnostics.Note(file, at.Line, at.Column, code, wazuh, problem, fix);

    internal void WithoutEffect(MarkupElement at, string what) =>
        Note(at, "CONF0004", null, $"{what} is accepted and has no effect in this version.", string.Empty);

    internal void Unknown(MarkupElement section, MarkupElement child) =>
        Error(child, "CONF0010", "1230", $"<{section.Name}> has no element <{child.Name}>.", "Check the spelling, or remove it.");

    private void BadValue(MarkupElement at, string wanted) =>
        Error(at, "CONF0011", "1235", $"'{Shown(at)}' is not a value for <{at.Name}>.", wanted);

    private bool YesNo(MarkupElement at, bool otherwise, bool ignoreCase = false)
    {
        switch (ignoreCase ? at.Text.ToLowerInvariant() : at.Text)
        {
            case "yes":
                return true;
            case "no":
                return false;
            default:
                BadValue(at, "Write yes or no, in lower case.");
                return otherwise;
        }
    }

    private int Number(MarkupElement at, int low, int high, int otherwise)
    {
        if (int.TryParse(at.Text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= low && value <= high)
            return value;

        BadValue(at, $"Write a whole number from {low} to {high}.");
        return otherwise;
    }

    private long Size(MarkupElement at, long low, long high, long otherwise)
    {
        var text = at.Text.Trim();
        var shift = text is [.., var unit]
            ? char.ToUpperInvariant(unit) switch
            {
                'K' => 10,
                'M' => 20,
                'G' => 30,
                _ => 0,
            }
            : 0;
        if (
            long.TryParse(shift > 0 ? text[..^1] : text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            && value <= high >> shift
            && value << shift >= low
        )
            return value << shift;

        BadValue(at, $"Write bytes, or a number with K, M or G behind it, from {low >> 20}M to {high >> 30}G.");
        return otherwise;
    }

    private ResponseMode Mode(MarkupElement at, ResponseMode otherwise)
    {
        switch (at.Text)
        {
            case "enforce":
                return ResponseMode.Enforce;
            case "observe":
                return ResponseMode.Observe;
            default:
                BadValue(at, "Write observe or enforce.");
                return otherwise;
        }
    }

    private long? Seconds(string text)
    {
        text = text.Trim();
        if (text.Length == 0)
            return null;

        var factor = text[^1] switch
        {
            's' => 1,
            'm' => 60,
            'h' => 3600,
            'd' => 86400,
            'w' => 604800,
            _ => 0,
        };
        var digits = factor == 0 ? text : text[..^1];
        if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var value) || value > MaxSeconds)
            return null;

        value *= Math.Max(factor, 1);
        return value <= MaxSeconds ? value : null;
    }

    // Ten years: longer is "until removed", and the kernel's timeouts stay far from their limit.
    private const long MaxSeconds = 10L * 365 * 86400;

    private static string Shown(MarkupElement at) => Shown(at.Text);

    private static string Shown(string text)
    {
        text = text.Trim();
        return text.Length > 60 ? text[..60] + "…" : text;
    }
}
