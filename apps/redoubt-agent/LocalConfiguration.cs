using Microsoft.Extensions.Logging;
using Redoubt.Config;
using Redoubt.Host;
using Redoubt.Model;

namespace Redoubt.Agent;

/// <summary>The host's own <c>redoubt.conf</c> or <c>ossec.conf</c>: read at the start and again at each reload.</summary>
/// <remarks>Threads: one caller at a time; <see cref="Current"/> may be read by any.</remarks>
internal sealed class LocalConfiguration
{
    private readonly string _file;

    private LocalConfiguration(string file, Configuration configuration) => (_file, Current) = (file, configuration);

    /// <summary>What is in force.</summary>
    internal Configuration Current { get; private set; }

    /// <summary>Reads it for the first time; problems are told on standard error.</summary>
    /// <exception cref="StartException">It has errors.</exception>
    internal static LocalConfiguration Read(string file)
    {
        var diagnostics = new DiagnosticBag();
        var configuration = ConfigurationReader.ReadFile(file, diagnostics);
        foreach (var diagnostic in diagnostics.All.Where(d => d.Severity != Severity.Note))
            Console.Error.WriteLine(diagnostic);

        return diagnostics.HasErrors
            ? throw new StartException("The configuration has errors; nothing was started.", StartException.ExitCodeOf(diagnostics))
            : new LocalConfiguration(file, configuration);
    }

    /// <summary>Reads it again; with an error everything stays as it is.</summary>
    /// <returns>Whether a new one is in force.</returns>
    internal bool Reload(ILogger log)
    {
        var diagnostics = new DiagnosticBag();
        var configuration = ConfigurationReader.ReadFile(_file, diagnostics);
        foreach (var diagnostic in diagnostics.All.Where(d => d.Severity != Severity.Note))
            log.Log(diagnostic.Severity == Severity.Error ? LogLevel.Error : LogLevel.Warning, "{Problem}", diagnostic);

        if (diagnostics.HasErrors)
        {
            log.ReloadRefused(_file);
            return false;
        }

        Current = configuration;
        return true;
    }
}
