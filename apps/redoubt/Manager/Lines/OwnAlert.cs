using System.Globalization;
using System.Text;
using Redoubt.Model;

namespace Redoubt.App.Manager;

/// <summary>Makes alerts of Redoubt's own rules: an alarm, with what can be done about it.</summary>
internal static class OwnAlert
{
    /// <summary>The manager's host.</summary>
    internal static readonly AgentIdentity Manager = AgentIdentity.ManagerHost(Environment.MachineName);

    /// <summary>What an alert has led to.</summary>
    internal static Alert Of(Alert cause, Alarm alarm) =>
        Of(
            cause.Agent,
            cause.ArrivalUnixMilliseconds,
            alarm,
            $"{alarm.Text}; the last cause was rule {cause.Rule?.Id.ToString(CultureInfo.InvariantCulture)}, alert {cause.Id}"
        );

    /// <summary>What has to be told about a host.</summary>
    /// <param name="about">The host.</param>
    /// <param name="at">Unix milliseconds.</param>
    /// <param name="alarm">What.</param>
    /// <param name="line">What stands for the line that an alert has.</param>
    internal static Alert Of(AgentIdentity about, long at, Alarm alarm, string line) =>
        new()
        {
            ArrivalUnixMilliseconds = at,
            Rule = alarm.Rule,
            Description = $"{alarm.Rule.Description}: {alarm.Text}. {AdviceOn(alarm)}",
            FiredTimes = 1,
            Agent = about,
            Location = "redoubt",
            Origin = LineOrigin.Verified,
            FullLog = Encoding.UTF8.GetBytes(line),
        };

    private static string AdviceOn(Alarm alarm) =>
        alarm.Rule == OwnRules.LoginProtected ? "'redoubt blocks promote --force' or 'redoubt blocks add --force' blocks it nevertheless"
        : alarm.Rule == OwnRules.ForgedLine ? "No rule has judged it. Ask the owner of that account what he is doing"
        : alarm.Rule == OwnRules.SpoolFills ? "Look why lines are not processed as fast as they come, or give <spool_size> more room"
        : alarm.Rule == OwnRules.LedgerWaited ? "Make room on the disk of the manager's database"
        : alarm.Rule == OwnRules.RecordsWaited ? "Make room on the disk of the records, or keep fewer days (<records_keep_days>)"
        : alarm.Rule == OwnRules.AlertIndexLost ? "It is made again from the records; 'redoubt alerts search' tells how far"
        : alarm.Rule == OwnRules.ResponseFailed ? "The host tries again every few seconds; 'redoubt blocks show' tells the outcome"
        : "'redoubt blocks release-burst' undoes the burst";
}
