using Redoubt.Config;
using Redoubt.Decide;
using Redoubt.Engine;
using Redoubt.Model;
using Redoubt.Record;

namespace Redoubt.App.Rules;

/// <summary>What a configuration means for each stage; the manager and the offline tools shall read it alike.</summary>
internal static class Stages
{
    /// <summary>How exactly the original is followed: what the command line asks for, else what the configuration says.</summary>
    internal static Compatibility CompatibilityOr(this Configuration configuration, Compatibility? asked) =>
        asked ?? (configuration.Global.StrictCompatibility ? Compatibility.Strict : Compatibility.Best);

    /// <summary>For the engine.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="zone">For <c>time</c> and <c>weekday</c>.</param>
    internal static EngineOptions ForEngine(this Configuration configuration, TimeZoneInfo zone) =>
        new()
        {
            LogAlertLevel = configuration.Global.LogAlertLevel,
            MailAlertLevel = configuration.Global.EmailAlertLevel,
            MemorySize = configuration.Global.MemorySize,
            HostName = Environment.MachineName,
            TimeZone = zone,
        };

    /// <summary>For the records.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="folder">Where they are written.</param>
    internal static RecordOptions ForRecords(this Configuration configuration, string folder) =>
        new()
        {
            Folder = folder,
            ManagerName = Environment.MachineName,
            JsonOutput = configuration.Global.JsonOutput,
            AlertsLog = configuration.Global.AlertsLog,
            LogAll = configuration.Global.LogAll,
            LogAllJson = configuration.Global.LogAllJson,
            Compress = configuration.Global.CompressRecords,
            KeepDays = configuration.Global.RecordsKeepDays,
            KeepBytes = configuration.Global.RecordsKeepBytes,
            MailLevel = configuration.Global.EmailAlertLevel,
        };

    /// <summary>The responses bound to the rules that were loaded, and to Redoubt's own.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="ruleset">The rules.</param>
    /// <param name="allowed">What people protected beside the configuration.</param>
    internal static Decider ForResponses(this Configuration configuration, Ruleset ruleset, IEnumerable<AllowlistEntry> allowed) =>
        new(configuration.Decide with { Allowlist = configuration.Decide.Allowlist.With(allowed) }, ruleset.Rules.Concat(OwnRules.All));
}
