using Microsoft.Extensions.Logging;
using Redoubt.App.Rules;
using Redoubt.Config;
using Redoubt.Decide;
using Redoubt.Engine;
using Redoubt.Model;
using Redoubt.Record;

namespace Redoubt.App.Manager;

/// <summary>What a (re)load of configuration and rules gives: all of it, or nothing.</summary>
internal sealed record ManagerState(Configuration Configuration, Ruleset Ruleset, int Decoders, RecordOptions Records, DecideOptions Decide)
{
    /// <summary>Reads everything; null when a diagnostic is an error.</summary>
    /// <param name="paths">The home.</param>
    /// <param name="configurationFile">Its configuration.</param>
    /// <param name="compatibility">What the command line asks for.</param>
    /// <param name="diagnostics">Receives everything that is wrong or doubtful.</param>
    /// <param name="provesSources">Whether to look, for a second or so, for decoders that could take a client's text for the source.</param>
    internal static ManagerState? Load(
        HomePaths paths,
        string configurationFile,
        Compatibility? compatibility,
        DiagnosticBag diagnostics,
        bool provesSources = false
    )
    {
        var configuration = ConfigurationReader.ReadFile(configurationFile, diagnostics);
        var source = RulesetFiles.OfHome(paths, configuration.Ruleset, configuration.CompatibilityOr(compatibility), diagnostics) with
        {
            ProvesSources = provesSources,
        };
        if (source.Compatibility == Compatibility.Strict)
            diagnostics.Warning(
                configurationFile,
                0,
                0,
                "CONF0023",
                null,
                "In strict compatibility a line that names two sources is answered as if it named one: a client who types an address may have it blocked.",
                "Use <compatibility>best</compatibility> unless you compare with the original."
            );

        var ruleset = Ruleset.Load(source, diagnostics);
        if (diagnostics.HasErrors || ruleset is null)
            return null;

        if (provesSources)
            UnprovenResponses.Report(configuration, configurationFile, ruleset, diagnostics);

        return new ManagerState(configuration, ruleset, source.Decoders.Count, configuration.ForRecords(paths.Logs), configuration.Decide);
    }

    /// <summary>An engine on these rules.</summary>
    /// <param name="zone">For <c>time</c> and <c>weekday</c>.</param>
    /// <param name="older">Whose memory it takes over; null: none.</param>
    internal AnalysisEngine CreateEngine(TimeZoneInfo zone, AnalysisEngine? older) => new(Ruleset, Configuration.ForEngine(zone), older);

    /// <summary>Writes <c>etc/shared/ar.conf</c>, which tools and agents of Wazuh read; ours do without.</summary>
    /// <remarks>A folder that this user may not write is left alone: nothing of ours depends on the file.</remarks>
    internal void WriteArConf(HomePaths paths, ILogger log)
    {
        var path = Path.Combine(paths.Shared, "ar.conf");
        var text = ArConf.Text(Decide.Responses);
        try
        {
            if (!Directory.Exists(paths.Shared) || (File.Exists(path) && File.ReadAllText(path) == text))
                return;

            File.WriteAllText(path + ".new", text);
            File.SetUnixFileMode(path + ".new", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
            File.Move(path + ".new", path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log.ArConfNotWritten(path, e.Message);
        }
    }

    /// <summary>The responses bound to these rules.</summary>
    /// <param name="allowed">What people protected beside the configuration.</param>
    internal Decider CreateDecider(IEnumerable<AllowlistEntry> allowed) => Configuration.ForResponses(Ruleset, allowed);
}
