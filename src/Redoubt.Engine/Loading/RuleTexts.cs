using System.Text;
using Redoubt.Model;
using Redoubt.Model.Markup;

namespace Redoubt.Engine.Loading;

/// <summary>Collects what a rule says about itself: description, info, options, MITRE.</summary>
/// <remarks>Source: rule-engine.md 3.5.</remarks>
internal sealed class RuleTexts
{
    private readonly Report _report;
    private readonly StringBuilder _description = new();
    private readonly List<string> _info = [];
    private readonly List<string> _mitre = [];
    private string? _cve;
    private bool _noResponse;
    private bool _observeOnly;
    private bool _noFullLog;
    private bool _noCounter;
    private bool? _log;
    private bool? _mail;

    public RuleTexts(Report report) => _report = report;

    public bool HasDescription { get; private set; }

    /// <summary>Texts joined, newlines replaced by blanks.</summary>
    public string Description => _description.ToString().Replace('\n', ' ');

    /// <summary>Takes one option; false when it is none of these.</summary>
    public bool TryAdd(string name, MarkupElement option, byte[] content, VariableTable variables)
    {
        var text = Encoding.UTF8.GetString(content);
        switch (name)
        {
            case "description":
                HasDescription = true;
                _description.Append(text);
                return true;
            case "info":
                AddInfo(option, text);
                return true;
            case "cve":
                _cve = text;
                return true;
            case "options":
                AddOption(option, text);
                return true;
            case "mitre":
                AddMitre(option, variables);
                return true;
            default:
                return false;
        }
    }

    public RuleSummary Fill(RuleSummary summary) =>
        summary with
        {
            Cve = _cve,
            Info = _info.Count > 0 ? string.Join(' ', _info) : null,
            MitreIds = [.. _mitre],
            MitreTactics = MitreCatalogue.Tactics(_mitre),
            MitreTechniques = MitreCatalogue.Techniques(_mitre),
            NoResponse = _noResponse,
            ObserveOnly = _observeOnly,
            NoFullLog = _noFullLog,
            NoCounter = _noCounter,
            LogOverride = _log,
            MailOverride = _mail,
        };

    private void AddInfo(MarkupElement option, string text)
    {
        switch (option.Attribute("type") ?? "text")
        {
            case "text" or "link" or "osvdb":
                _info.Add(text);
                break;
            case "cve":
                _cve ??= text;
                _info.Add(text);
                break;
            default:
                _report.Error(
                    option,
                    "RULE0060",
                    null,
                    $"'{option.Attribute("type")}' is no type of <info>.",
                    "Use text, link, cve or osvdb."
                );
                break;
        }
    }

    private void AddOption(MarkupElement option, string text)
    {
        switch (text.Trim())
        {
            case "alert_by_email":
                _mail = true;
                break;
            case "no_email_alert":
                _mail = false;
                break;
            case "log_alert":
                _log = true;
                break;
            case "no_log":
                _log = false;
                break;
            case "no_ar":
                _noResponse = true;
                break;
            case "observe":
                _observeOnly = true;
                break;
            case "no_full_log":
                _noFullLog = true;
                break;
            case "no_counter":
                _noCounter = true;
                break;
            default:
                _report.Error(
                    option,
                    "RULE0061",
                    null,
                    $"'{text}' is no option of a rule.",
                    "Use alert_by_email, no_email_alert, log_alert, no_log, no_ar, observe, no_full_log or no_counter, one in each <options>."
                );
                break;
        }
    }

    private void AddMitre(MarkupElement option, VariableTable variables)
    {
        var ids = option.Children.Where(c => c.Is("id")).ToList();
        var techniques = option.Children.Where(c => c.Is("techniqueID")).ToList();
        var tactics = option.Children.Where(c => c.Is("tacticID")).ToList();
        if (ids.Count > 0 && techniques.Count + tactics.Count > 0)
        {
            _report.Warning(
                option,
                "RULE0062",
                null,
                "<mitre> mixes <id> with <tacticID> and <techniqueID>; it is left out.",
                "Use one of the two forms in a block."
            );
        }
        else if (ids.Count == 0 && (techniques.Count != 1 || tactics.Count != 1))
        {
            _report.Warning(
                option,
                "RULE0063",
                null,
                "<mitre> is incomplete and is left out.",
                "Write <id> elements, or one <tacticID> and one <techniqueID>."
            );
        }
        else
        {
            foreach (var id in ids.Concat(techniques))
                _mitre.Add(Encoding.UTF8.GetString(variables.Expand(id, id.Content)).Trim());
        }
    }
}
