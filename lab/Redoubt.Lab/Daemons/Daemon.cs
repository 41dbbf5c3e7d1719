using System.Net.Sockets;

namespace Redoubt.Lab;

/// <summary>A real server of Debian, running on a lab host until it is disposed of.</summary>
public sealed class Daemon : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly LabProcess _process;

    private Daemon(LabProcess process) => _process = process;

    /// <summary>Puts the server's files on the host and prepares it; once a host.</summary>
    public static async Task PrepareAsync(LabHost host, DaemonRecipe recipe)
    {
        await recipe.Packages.PutOnAsync(host);
        foreach (var account in recipe.Accounts)
        {
            var words = account.Split(':');
            await File.AppendAllTextAsync(host.PathOf("/etc/passwd"), account + "\n");
            await File.AppendAllTextAsync(host.PathOf("/etc/group"), $"{words[0]}:x:{words[3]}:\n");
        }

        foreach (var (path, text) in recipe.Files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(host.PathOf(path))!);
            await File.WriteAllTextAsync(host.PathOf(path), text.ReplaceLineEndings("\n"));
        }

        if (recipe.Preparation.Length > 0)
            await host.MustRunAsync("/bin/bash", "-ec", recipe.Preparation);
    }

    /// <summary>Starts the prepared server; it answers when this returns.</summary>
    public static async Task<Daemon> StartAsync(LabHost host, DaemonRecipe recipe)
    {
        var process = host.Start("/bin/bash", "-c", recipe.Start);
        await Wait.UntilAsync(
            async () =>
                process.HasExited
                || (await AnswersAsync(host, AddressFamily.InterNetwork) && await AnswersAsync(host, AddressFamily.InterNetworkV6)),
            $"{recipe.Name} answers on port {recipe.Port}",
            StartLimit
        );
        return process.HasExited ? throw new InvalidOperationException(process.Said) : new Daemon(process);

        async Task<bool> AnswersAsync(LabHost on, AddressFamily family) =>
            await Dialogue.CanConnectAsync(on, new(family == AddressFamily.InterNetwork ? on.IPv4 : on.IPv6, recipe.Port));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await _process.StopAsync(StartLimit);

        await _process.DisposeAsync();
    }
}
