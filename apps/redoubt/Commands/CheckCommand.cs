using System.CommandLine;
using Redoubt.App.Manager;
using Redoubt.Config;
using Redoubt.Host;
using Redoubt.Model;

namespace Redoubt.App.Commands;

/// <summary><c>redoubt check</c>: everything that is wrong with a home's configuration and rules, all at once.</summary>
internal static class CheckCommand
{
    internal static Command Create()
    {
        var home = CommonOptions.Home();
        var json = CommonOptions.Json();
        var compatibility = CommonOptions.Compatibility();
        return Verb.Create(
            "check",
            "Check configuration, rules and shared configuration.",
            (parsed, _) =>
            {
                CommonOptions.RequireFolders([parsed.GetValue(home)]);
                var paths = CommonOptions.PathsOf(parsed.GetValue(home));
                var diagnostics = new DiagnosticBag();
                ManagerState.Load(paths, paths.ConfigurationFile, parsed.GetValue(compatibility), diagnostics, provesSources: true);
                CheckShared(paths, diagnostics);
                Print(diagnostics, parsed.GetValue(json));
                return Task.FromResult(StartException.ExitCodeOf(diagnostics));
            },
            home,
            json,
            compatibility
        );
    }

    private static void CheckShared(HomePaths paths, DiagnosticBag diagnostics)
    {
        if (!Directory.Exists(paths.Shared))
            return;

        foreach (
            var file in Directory
                .EnumerateDirectories(paths.Shared)
                .Select(d => Path.Combine(d, "agent.conf"))
                .Where(File.Exists)
                .Order(StringComparer.Ordinal)
        )
        {
            try
            {
                AgentConfReader.Read(File.ReadAllBytes(file), file, null, diagnostics);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                diagnostics.Unreadable(file, "CONF0002", e);
            }
        }
    }

    private static void Print(DiagnosticBag diagnostics, bool json)
    {
        if (json)
        {
            Terminal.PrintJson(diagnostics.All);
            return;
        }

        foreach (var diagnostic in diagnostics.All)
            Console.Out.WriteLine(Terminal.Plain(diagnostic.ToString()));

        string Count(Severity severity, string word)
        {
            var count = diagnostics.All.Count(d => d.Severity == severity);
            return $"{count} {word}{(count == 1 ? string.Empty : "s")}";
        }

        Console.Out.WriteLine(
            $"{Count(Severity.Error, "error")}, {Count(Severity.Warning, "warning")}, {Count(Severity.Note, "note")}{(diagnostics.HasErrors ? ": the manager will not start with this" : string.Empty)}"
        );
    }
}
