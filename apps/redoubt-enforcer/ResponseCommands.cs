using System.Diagnostics.CodeAnalysis;
using System.Text;
using Redoubt.Host;
using Redoubt.Model;
using Redoubt.Respond;
using Redoubt.Respond.Scripts;

namespace Redoubt.Enforcer;

/// <summary>What this program does besides being the enforcer: it is each of our responses, called by name, and makes the links for that.</summary>
internal static class ResponseCommands
{
    internal const string Usage = """
        redoubt enforcer respond NAME [--home DIR]
          One of Redoubt's responses as a program of its own: reads the JSON of Wazuh 4.2 on standard input.
        redoubt enforcer install [--home DIR] [--into FOLDER]
          Makes links to it in DIR/active-response/bin, and in FOLDER (active-response/bin of a Wazuh agent).
        """;

    /// <summary>The response that this process was called as.</summary>
    /// <param name="arguments">Without the program's name.</param>
    /// <param name="name">Its name.</param>
    /// <param name="home">The home it was called for; null: none is known.</param>
    internal static bool IsResponse(string[] arguments, [NotNullWhen(true)] out string? name, out string? home)
    {
        var called = CalledAs();
        name = Path.GetFileName(called);
        home = null;
        if (KnownResponses.Programs.Contains(name, StringComparer.Ordinal))
        {
            home = Environment.GetEnvironmentVariable("REDOUBT_HOME") is { Length: > 0 } set ? set : StockLinks.HomeOf(called);
            return true;
        }

        if (arguments is not ["respond", var asked, ..])
            return false;

        name = asked;
        home = Option(arguments[2..], "--home") ?? Environment.GetEnvironmentVariable("REDOUBT_HOME");
        return true;
    }

    /// <summary>Runs a response.</summary>
    /// <returns>The exit code.</returns>
    internal static async Task<int> RespondAsync(string name, string? home)
    {
        if (!KnownResponses.Programs.Contains(name, StringComparer.Ordinal))
            return Fail($"{name} is none of Redoubt's responses: {string.Join(", ", KnownResponses.Programs)}");
        if (string.IsNullOrEmpty(home))
            return Fail($"{name}: --home DIR is missing, and no link in an active-response/bin was used");

        await using var input = Console.OpenStandardInput();
        await using var output = Console.OpenStandardOutput();
        return await StockProgram.RunAsync(name, Path.GetFullPath(home), input, output, Console.Error, TimeProvider.System);
    }

    /// <summary>Makes the links.</summary>
    /// <param name="arguments">Behind <c>install</c>.</param>
    /// <returns>The exit code.</returns>
    internal static int Install(string[] arguments)
    {
        var home = Option(arguments, "--home") ?? Environment.GetEnvironmentVariable("REDOUBT_HOME");
        if (string.IsNullOrEmpty(home))
            return Fail("--home DIR is missing");

        var into = Option(arguments, "--into");
        if (into is not null && !Directory.Exists(into))
            return Fail($"{into} is no folder");

        try
        {
            foreach (
                var line in StockLinks.Make(Environment.ProcessPath!, Path.GetFullPath(home), into is null ? null : Path.GetFullPath(into))
            )
                Console.WriteLine(line);
            return 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"redoubt enforcer: {e.Message}");
            return StartException.Unreachable;
        }
    }

    private static int Fail(string problem)
    {
        Console.Error.WriteLine($"redoubt enforcer: {problem}");
        return StartException.Usage;
    }

    private static string? Option(string[] arguments, string name)
    {
        var at = Array.IndexOf(arguments, name);
        return at >= 0 && at + 1 < arguments.Length ? arguments[at + 1] : null;
    }

    // The runtime tells where the program lies; the kernel tells how it was called.
    private static string CalledAs()
    {
        var words = File.ReadAllBytes("/proc/self/cmdline");
        var end = Array.IndexOf(words, (byte)0);
        return Encoding.UTF8.GetString(end < 0 ? words : words[..end]);
    }
}
