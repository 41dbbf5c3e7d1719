using Redoubt.Decide;
using Redoubt.Model.Markup;

namespace Redoubt.Config;

// <global> and <alerts>: active-response.md 1.7 and 1.8.
internal sealed partial class SectionReader
{
    private static readonly HashSet<string> GlobalWithoutEffect = new(StringComparer.OrdinalIgnoreCase)
    {
        "agents_disconnection_alert_time",
        "cti-url",
        "custom_alert_output",
        "email_from",
        "email_idsname",
        "email_log_source",
        "email_maxperhour",
        "email_reply_to",
        "email_to",
        "force_reconnect_interval",
        "forward_to",
        "geoip_db_path",
        "geoip6_db_path",
        "geoipdb",
        "helo_server",
        "host_information",
        "integrity_checking",
        "limits",
        "logall_plain",
        "max_output_size",
        "prelude_log_level",
        "prelude_output",
        "prelude_profile",
        "queue_size",
        "rootkit_detection",
        "rotate_interval",
        "smtp_server",
        "stats",
        "update_check",
        "zeromq_output",
        "zeromq_uri",
        "plain_output",
        "rule_id",
        "allow_list_user",
    };

    internal void Global(MarkupElement section)
    {
        foreach (var child in section.Children)
            GlobalOption(section, child);
    }

    internal void Alerts(MarkupElement section)
    {
        foreach (var child in section.Children)
        {
            if (child.Is("log_alert_level"))
                _global = _global with { LogAlertLevel = Number(child, 0, 16, _global.LogAlertLevel) };
            else if (child.Is("email_alert_level"))
                _global = _global with { EmailAlertLevel = Number(child, 0, 16, _global.EmailAlertLevel) };
            else if (child.Is("use_geoip"))
                WithoutEffect(child, "<use_geoip>");
            else
                Unknown(section, child);
        }
    }

    private void GlobalOption(MarkupElement section, MarkupElement child)
    {
        switch (child.Name.ToLowerInvariant())
        {
            case "jsonout_output":
                _global = _global with { JsonOutput = YesNo(child, _global.JsonOutput) };
                break;
            case "spool_size":
                _global = _global with { SpoolBytes = Size(child, 1L << 20, 1L << 40, _global.SpoolBytes) };
                break;
            case "alerts_log":
                _global = _global with { AlertsLog = YesNo(child, _global.AlertsLog) };
                break;
            case "logall":
                _global = _global with { LogAll = YesNo(child, _global.LogAll) };
                break;
            case "logall_json":
                _global = _global with { LogAllJson = YesNo(child, _global.LogAllJson) };
                break;
            case "compress_alerts":
                _global = _global with { CompressRecords = YesNo(child, _global.CompressRecords) };
                break;
            case "records_keep_days":
                _global = _global with { RecordsKeepDays = Number(child, 0, 36_500, _global.RecordsKeepDays) };
                break;
            case "records_keep_size":
                _global = _global with { RecordsKeepBytes = Size(child, 1L << 20, 1L << 50, _global.RecordsKeepBytes) };
                break;
            case "alert_index_days":
                _global = _global with { AlertIndexDays = Number(child, 0, 36_500, _global.AlertIndexDays) };
                break;
            case "alert_index_size":
                _global = _global with { AlertIndexBytes = Size(child, 16L << 20, 1L << 40, _global.AlertIndexBytes) };
                break;
            case "email_notification":
                _global = _global with { EmailNotification = YesNo(child, _global.EmailNotification) };
                break;
            case "mode":
                _global = _global with { Mode = Mode(child, _global.Mode) };
                break;
            case "block_budget":
                _budget = _budget with { PerHost = Number(child, 0, 1_000_000, _budget.PerHost) };
                break;
            case "block_budget_fleet":
                _budget = _budget with { Fleet = Number(child, 0, 100_000_000, _budget.Fleet) };
                break;
            case "block_budget_logins":
                _logins = _logins with { BlockedPercent = Number(child, 0, 100, _logins.BlockedPercent) };
                break;
            case "protect_recent_logins":
                _logins = _logins with { ProtectDays = Days(child) };
                break;
            case "repeated_offenders":
                _ladder = _ladder with { Minutes = RepeatedOffenders(child) };
                break;
            case "reset_after":
                _ladder = _ladder with { ResetAfter = ResetAfter(child) };
                break;
            case "memory_size":
                _global = _global with { MemorySize = Number(child, 2048, 10_000_000, _global.MemorySize) };
                break;
            case "compatibility":
                Compatibility(child);
                break;
            case "active_response_log":
                ResponseLogForm(child);
                break;
            case "agents_disconnection_time":
                DisconnectionTime(child);
                break;
            case "white_list" or "allow_list":
                WhiteList(child);
                break;
            case var name when GlobalWithoutEffect.Contains(name):
                WithoutEffect(child, $"<{child.Name}>");
                break;
            default:
                Unknown(section, child);
                break;
        }
    }

    // "7", "7 days" and "7d" are the same.
    private int Days(MarkupElement child)
    {
        var text = child.Text.Trim();
        foreach (var unit in (string[])["days", "day", "d"])
        {
            if (text.EndsWith(unit, StringComparison.Ordinal))
            {
                text = text[..^unit.Length].TrimEnd();
                break;
            }
        }

        if (
            int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var days)
            && days <= MaxLoginDays
        )
            return days;

        BadValue(child, $"Write a number of days from 0 (off) to {MaxLoginDays}.");
        return _logins.ProtectDays;
    }

    private const int MaxLoginDays = 365;

    private void Compatibility(MarkupElement child)
    {
        switch (child.Text)
        {
            case "strict":
                _global = _global with { StrictCompatibility = true };
                break;
            case "best":
                _global = _global with { StrictCompatibility = false };
                break;
            default:
                BadValue(child, "Write strict or best.");
                break;
        }
    }

    private void ResponseLogForm(MarkupElement child)
    {
        switch (child.Text)
        {
            case "json":
                _global = _global with { ResponseLog = ResponseLogChoice.Json };
                break;
            case "legacy":
                _global = _global with { ResponseLog = ResponseLogChoice.Legacy };
                break;
            case "both":
                _global = _global with { ResponseLog = ResponseLogChoice.Both };
                break;
            default:
                BadValue(child, "Write json, legacy or both.");
                break;
        }
    }

    private void DisconnectionTime(MarkupElement child)
    {
        if (Seconds(child.Text) is { } seconds and >= 1)
            _global = _global with { AgentsDisconnectionTime = TimeSpan.FromSeconds(seconds) };
        else
            BadValue(child, "Write a time of at least 1s.");
    }

    private void WhiteList(MarkupElement child)
    {
        if (!AllowlistEntry.TryParse(child.Text, out var entry, out var problem))
        {
            Error(child, "CONF0020", "1235", problem, "Write an address, a prefix, a range a-b, or a pattern.");
            return;
        }

        if (entry.LooksLikeAddressFragment)
        {
            Warning(
                child,
                "CONF0021",
                null,
                $"'{entry.Text}' is a text pattern: it also protects sources that contain it in the middle.",
                "Write a prefix such as 10.0.0.0/24, or begin the pattern with ^."
            );
        }

        if (entry.IsException)
        {
            Warning(
                child,
                "CONF0022",
                null,
                $"'{entry.Text}' takes an address out of the list; Wazuh does not see the '!' and protects it.",
                "Remove the '!' if the address shall be protected."
            );
        }

        _allowlist.Add(entry);
    }
}
