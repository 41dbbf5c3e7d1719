using System.Diagnostics;

namespace Redoubt.Lab;

/// <summary>Where things are: the checkout this program was built from, and its programs.</summary>
public static class Checkout
{
    /// <summary>Root folder of the checkout.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Folder of the .NET installation that runs this program.</summary>
    public static string DotnetFolder { get; } =
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "../../.."));

    /// <summary>The command line program, agent and enforcer beside it: as built, or the one that <c>REDOUBT_PROGRAM</c> names, such as a
    /// published one.</summary>
    public static string Redoubt { get; } =
        Environment.GetEnvironmentVariable("REDOUBT_PROGRAM") is { Length: > 0 } named
            ? Path.GetFullPath(named)
            : Path.Combine(Root, "apps/redoubt/bin", Configuration, "net10.0/redoubt");

    /// <summary>Runs a verb of the command line on the machine itself, to its end: for verbs that start nothing.</summary>
    public static async Task<CommandResult> RunRedoubtAsync(params IEnumerable<string> words)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var start = new ProcessStartInfo(Redoubt, words)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_ROOT"] = DotnetFolder;
        using var process = Process.Start(start)!;
        try
        {
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            var output = await process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return new CommandResult(process.ExitCode, output, await error);
        }
        catch (OperationCanceledException exception)
        {
            process.Kill();
            throw new TimeoutException($"redoubt {string.Join(' ', words)} did not end.", exception);
        }
    }

    // tests/X/bin/<configuration>/net10.0/
    private static string Configuration =>
        Path.GetFileName(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory))!);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Redoubt.slnx")))
                return folder.FullName;
        }

        throw new InvalidOperationException($"No Redoubt.slnx above {AppContext.BaseDirectory}: run this from a checkout.");
    }
}
