using System.ComponentModel;
using System.Diagnostics;

namespace Redoubt.Respond.Firewall.Nftables;

/// <summary>Runs the <c>nft</c> program with a script on its standard input. Used for setting up only, never for a block.</summary>
internal sealed class NftTool(string path)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    // A bare name would be looked up in this program's own folder first, then in a PATH that others may have set.
    private static readonly string[] Folders = ["/usr/sbin", "/sbin", "/usr/bin"];

    /// <summary>Finds the program in the system's folders.</summary>
    /// <returns>Null when it is not installed.</returns>
    internal static NftTool? Find()
    {
        var found = Folders.Select(f => Path.Join(f, "nft")).FirstOrDefault(File.Exists);
        return found is null ? null : new NftTool(found);
    }

    /// <summary>Runs one script: all of it, or nothing.</summary>
    /// <exception cref="FirewallSetupException">It could not be started, took too long, or refused.</exception>
    internal void Run(string script)
    {
        var start = new ProcessStartInfo(path)
        {
            ArgumentList = { "-f", "-" },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = "/",
        };
        start.Environment.Clear();
        start.Environment["PATH"] = string.Join(':', Folders);
        start.Environment["LC_ALL"] = "C";

        try
        {
            using var process = Process.Start(start) ?? throw new FirewallSetupException($"{path} could not be started");
            Finish(process, script);
        }
        catch (Win32Exception e)
        {
            throw new FirewallSetupException($"{path} could not be started: {e.Message}", e);
        }
    }

    private void Finish(Process process, string script)
    {
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        try
        {
            process.StandardInput.Write(script);
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
            return;

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
