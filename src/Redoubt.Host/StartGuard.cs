using System.CommandLine;

namespace Redoubt.Host;

/// <summary>Turns the ends of a process into messages and exit codes.</summary>
public static class StartGuard
{
    /// <summary>Runs a process's body; a <see cref="StartException"/> becomes one line on standard error.</summary>
    public static async Task<int> RunAsync(string process, Func<Task<int>> body)
    {
        try
        {
            return await body();
        }
        catch (StartException e)
        {
            await Console.Error.WriteLineAsync($"redoubt {process}: {e.Message}");
            return e.ExitCode;
        }
    }

    /// <summary>Runs a parsed command line; a wrong one ends with 2, whatever the library would say.</summary>
    public static async Task<int> InvokeAsync(ParseResult parsed)
    {
        // Signals are the processes' own matter (Shutdown): a clean end is 0, not 128 and the signal.
        var code = await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
        return parsed.Errors.Count > 0 ? StartException.Usage : code;
    }
}
