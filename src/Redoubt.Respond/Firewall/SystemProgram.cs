using System.ComponentModel;
using System.Diagnostics;
using Redoubt.Respond.Firewall.Nftables;

namespace Redoubt.Respond.Firewall;

/// <summary>A program of the system, run with an argument vector and a clean environment; never through a shell.</summary>
internal sealed class SystemProgram(string path)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    // A bare name would be looked up in this program's own folder first, then in a PATH that others may have set.
    private static readonly string[] Folders = ["/usr/sbin", "/sbin", "/usr/bin", "/bin"];

    /// <summary>The search path that such a program gets.</summary>
    internal static string SearchPath { get; } = string.Join(':', Folders);

    /// <summary>Finds it in the system's folders.</summary>
    /// <returns>Null when it is not installed.</returns>
    internal static SystemProgram? Find(string name) => PathOf(name) is { } found ? new SystemProgram(found) : null;

    /// <summary>Where a program is; null when it is not installed.</summary>
    internal static string? PathOf(string name) => Folders.Select(f => Path.Join(f, name)).FirstOrDefault(File.Exists);

    /// <summary>Runs it to its end.</summary>
    /// <param name="arguments">As they are.</param>
    /// <param name="input">For its standard input.</param>
    /// <returns>What it wrote to standard output.</returns>
    /// <exception cref="FirewallSetupException">It could not be started, took too long, or ended with an error.</exception>
    internal string Run(IReadOnlyList<string> arguments, string input = "")
    {
        var start = new ProcessStartInfo(path, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = "/",
        };
        start.Environment.Clear();
        start.Environment["PATH"] = SearchPath;
        start.Environment["LC_ALL"] = "C";

        try
        {
            using var process = Process.Start(start) ?? throw new FirewallSetupException($"{path} could not be started");
            return Finish(process, input);
        }
        catch (Win32Exception e)
        {
            throw new FirewallSetupException($"{path} could not be started: {e.Message}", e);
        }
    }

    private string Finish(Process process, string input)
    {
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        try
        {
            process.StandardInput.Write(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended before it had read everything; its exit status and its words say why.
        }

        if (!process.WaitForExit(Deadline))
        {
            process.Kill();
            throw new FirewallSetupException($"{path} did not end within {Deadline.TotalSeconds:0} s");
        }

        if (process.ExitCode == 0)
            return output.GetAwaiter().GetResult();

        var said = errors.GetAwaiter().GetResult() + output.GetAwaiter().GetResult();
        throw new FirewallSetupException($"{path} ended with status {process.ExitCode}: {FirstLine(said)}");
    }

    private static string FirstLine(string text)
    {
        var line = text.AsSpan().Trim();
        var end = line.IndexOf('\n');
        return (end < 0 ? line : line[..end]).ToString();
    }
}
