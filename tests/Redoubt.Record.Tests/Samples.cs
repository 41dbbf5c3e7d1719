using System.Text;
using Redoubt.Model;
using Redoubt.Record;

namespace Redoubt.Tests.Record;

/// <summary>Alerts as the engine hands them over, and the zone they are written in (two hours ahead, no rules of daylight).</summary>
internal static class Samples
{
    internal const long Noon = 1_782_900_930_123; // 2026-07-01T10:15:30.123Z

    internal static TimeZoneInfo Zone { get; } = TimeZoneInfo.CreateCustomTimeZone("test", TimeSpan.FromHours(2), "test", "test");

    internal static AlertJson Json => new("keep", 7, Zone);

    internal static AlertText Text => new("keep", Json, Zone);

    internal static AgentIdentity Shop { get; } = new("007", "shop", "192.0.2.5");

    internal static RuleSummary Rule { get; } =
        new()
        {
            Id = 651,
            Level = 3,
            Description = "Blocked",
            GroupString = "ossec,",
            Groups = ["ossec"],
        };

    internal static Alert Plain { get; } =
        new()
        {
            Id = "1782900930.0",
            ArrivalUnixMilliseconds = Noon,
            Rule = Rule,
            Description = "Blocked",
            FiredTimes = 1,
            Agent = Shop,
            Location = "/var/log/auth.log",
            FullLog = "a line"u8.ToArray(),
        };

    internal static Alert Composite { get; } =
        Plain with
        {
            Rule = new RuleSummary
            {
                Id = 5712,
                Level = 10,
                Description = "SSH: many logins of unknown users",
                GroupString = "syslog,sshd,authentication_failures,pci_dss_11.4,pci_dss_10.2.4,gdpr_IV_35.7.d,",
                Groups = ["syslog", "sshd", "authentication_failures"],
                Compliance = [new("pci_dss", ["11.4", "10.2.4"]), new("gdpr", ["IV_35.7.d"])],
                MitreIds = ["T1110"],
                MitreTactics = ["Credential Access"],
                MitreTechniques = ["Brute Force"],
                Cve = "CVE-2026-1",
                Info = "look",
                Frequency = 8,
                TimeframeSeconds = 120,
            },
            Description = "SSH: many logins of unknown users",
            FiredTimes = 3,
            FullLog = "Jul  1 12:15:29 shop sshd[9]: Invalid user ann from 203.0.113.6 port 401"u8.ToArray(),
            PreviousLines = ["second"u8.ToArray(), "first"u8.ToArray()],
            ProgramName = "sshd",
            Timestamp = "Jul  1 12:15:29",
            Hostname = "shop",
            Decoder = "sshd",
            DecoderParent = "sshd",
            Fields = [Static("srcip", "203.0.113.6"), Static("srcport", "401"), Static("srcuser", "ann")],
        };

    internal static Alert Dynamic { get; } =
        Plain with
        {
            Agent = new AgentIdentity("000", "other", null),
            Location = "/var/ossec/logs/active-responses.log",
            FullLog = "{}"u8.ToArray(),
            Decoder = "ar_log_json",
            FtsComment = "seen first",
            Accumulates = true,
            PreviousLog = "before"u8.ToArray(),
            PreviousLines = [],
            Fields =
            [
                Static("srcip", "203.0.113.6"),
                Static("srcport", string.Empty),
                Static("dstip", "192.0.2.1"),
                Static("dstport", "22"),
                Static("dstuser", "bo"),
                Nested("command", "add"),
                Nested("parameters.alert.id", "1.2"),
                Nested("parameters.extra_args", "[\"--zone\",\"dmz\"]") with
                {
                    IsJsonArray = true,
                },
                Nested("parameters.program", "active-response/bin/firewall-drop"),
                Nested("empty", string.Empty),
            ],
        };

    internal static Alert Unmatched { get; } =
        Plain with
        {
            Rule = null,
            Description = string.Empty,
            Location = "/var/log/syslog",
            FullLog = "Jul  1 12:15:31 shop cron[90]: job done"u8.ToArray(),
            ProgramName = "cron",
            Timestamp = "Jul  1 12:15:31",
            Hostname = "shop",
        };

    internal static AlertField Static(string name, string value) => new(name, Encoding.UTF8.GetBytes(value), false, false, false);

    internal static AlertField Nested(string name, string value) => new(name, Encoding.UTF8.GetBytes(value), true, false, false);
}
