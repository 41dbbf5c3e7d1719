using System.Diagnostics;
using Redoubt.App.Commands;
using Redoubt.Config;
using Redoubt.Host;
using Redoubt.Respond;

namespace Redoubt.App.Responses;

/// <summary>An enforcer of its own in a private network and with a private copy of <c>/etc</c>: what it does there leaves no trace.</summary>
/// <remarks>The namespaces have no name and end with the process. What a program of the owner writes outside <c>/etc</c> is real.</remarks>
internal sealed class Sandbox : IAsyncDisposable
{
    /// <summary>The hidden verb that prepares the namespaces from inside.</summary>
    internal const string InsideVerb = "inside";

    /// <summary>An account that only the copy of <c>/etc</c> has.</summary>
    internal const string User = "redoubt-test";

    /// <summary>Where <c>ip-customblock</c> writes; hidden inside where it exists.</summary>
    internal const string CustomBlocks = "/ipblock";

    private const string PrivateEtc = "etc";
    private static readonly TimeSpan StartWithin = TimeSpan.FromSeconds(30);

    private readonly DirectoryInfo _folder;
    private readonly Process _process;

    private Sandbox(DirectoryInfo folder, Process process, EnforcerClient client) =>
        (_folder, _process, Client) = (folder, process, client);

    /// <summary>Speaks with the enforcer.</summary>
    internal EnforcerClient Client { get; }

    /// <summary>Makes it, and waits until its enforcer is ready.</summary>
    /// <param name="paths">The home whose programs are copied.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="StartException">It cannot be made here; the message says why.</exception>
    internal static async Task<Sandbox> StartAsync(HomePaths paths, CancellationToken cancellation)
    {
        if (!Environment.IsPrivilegedProcess)
            throw new StartException("A private network needs root. Start it with sudo.", StartException.Unreachable);

        var folder = Directory.CreateTempSubdirectory("redoubt-responses-");
        Process? process = null;
        try
        {
            var home = folder.CreateSubdirectory("home").FullName;
            Directory.CreateDirectory(Path.Combine(home, "queue"));
            Directory.CreateDirectory(Path.Combine(home, "active-response"));
            if (Directory.Exists(paths.ResponsePrograms))
                Run("cp", "-a", paths.ResponsePrograms, Path.Combine(home, "active-response"));

            process = Launch(folder.FullName);
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            deadline.CancelAfter(StartWithin);
            if (await process.StandardOutput.ReadLineAsync(deadline.Token) is not "ready enforcer")
            {
                var said = await process.StandardError.ReadToEndAsync(deadline.Token);
                throw new StartException($"No enforcer could be started in a private network: {said.Trim()}", StartException.Unreachable);
            }

            _ = process.StandardError.ReadToEndAsync(CancellationToken.None);
            var client = await EnforcerClient.ConnectAsync(Path.Combine(home, "var/run/enforcer.sock"), cancellation);
            return new Sandbox(folder, process, client);
        }
        catch
        {
            End(process, folder);
            throw;
        }
    }

    /// <summary>Called inside the new namespaces: puts the copy of <c>/etc</c> in place and becomes the enforcer.</summary>
    internal static int Enter(string folder)
    {
        var copy = Path.Combine(folder, PrivateEtc);
        Directory.CreateDirectory(copy);
        Run("mount", "-t", "tmpfs", "-o", "mode=755", "redoubt", copy);
        Run("cp", "-a", "/etc/.", copy);
        AddAccount(copy);
        Run("mount", "--bind", copy, "/etc");
        if (Directory.Exists(CustomBlocks))
            Run("mount", "-t", "tmpfs", "redoubt", CustomBlocks);

        Run("ip", "link", "set", "lo", "up");
        return Handover.Become(Handover.ProgramFor("enforcer")!, ["--home", Path.Combine(folder, "home")]);
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        End(_process, _folder);
    }

    private static void AddAccount(string etc)
    {
        File.AppendAllText(Path.Combine(etc, "passwd"), $"{User}:x:61183:61183::/nonexistent:/bin/false\n");
        File.AppendAllText(Path.Combine(etc, "shadow"), $"{User}:$6$x$x:19000:0:99999:7:::\n");
    }

    private static Process Launch(string folder)
    {
        var start = new ProcessStartInfo("unshare")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (
            var word in (string[])
                ["--net", "--mount", "--propagation", "private", "--", Environment.ProcessPath!, "responses", InsideVerb, folder]
        )
            start.ArgumentList.Add(word);

        try
        {
            return Process.Start(start) ?? throw new StartException("unshare cannot be started.", StartException.Unreachable);
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new StartException($"unshare (package util-linux) cannot be started: {e.Message}", StartException.Unreachable);
        }
    }

    // The process is the enforcer itself: unshare and the hidden verb were replaced by it. Its namespaces end with it.
    private static void End(Process? process, DirectoryInfo folder)
    {
        if (process is { HasExited: false })
        {
            process.Kill();
            process.WaitForExit();
        }

        process?.Dispose();
        folder.Delete(recursive: true);
    }

    private static void Run(string tool, params string[] arguments)
    {
        using var process =
            Process.Start(new ProcessStartInfo(tool, arguments) { RedirectStandardError = true, UseShellExecute = false })
            ?? throw new StartException($"{tool} cannot be started.", StartException.Unreachable);
        var said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new StartException($"{tool} failed: {said.Trim()}", StartException.Unreachable);
    }
}
