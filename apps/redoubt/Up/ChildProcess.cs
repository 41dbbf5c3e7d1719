using System.Diagnostics;
using Redoubt.Host;

namespace Redoubt.App.Up;

/// <summary>One of the processes that <c>up</c> looks after.</summary>
internal sealed class ChildProcess : IDisposable
{
    private readonly Process _process;

    private ChildProcess(string name, Process process)
    {
        Name = name;
        _process = process;
    }

    /// <summary>manager, agent or enforcer.</summary>
    internal string Name { get; }

    /// <summary>Completes with its end.</summary>
    internal Task Exited => _process.WaitForExitAsync();

    /// <summary>How it ended.</summary>
    internal int ExitCode => _process.ExitCode;

    /// <summary>Starts a process and waits until it says that it is ready.</summary>
    /// <returns>Null when it ended before: it has told why on standard error.</returns>
    internal static async Task<ChildProcess?> StartAsync(string name, IEnumerable<string> arguments, CancellationToken stopping)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        start.Environment[Supervisor.Mark] = "1";

        // systemd talks with "up" alone, which looks after its children itself.
        start.Environment.Remove(ServiceNotice.SocketVariable);
        start.Environment.Remove(ServiceNotice.WatchdogVariable);
        start.ArgumentList.Add(name);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);

        var process = Process.Start(start) ?? throw new StartException($"The {name} cannot be started.", StartException.Unreachable);
        process.StandardInput.Close();
        var child = new ChildProcess(name, process);
        while (await process.StandardOutput.ReadLineAsync(stopping) is { } line)
        {
            if (string.Equals(line, "ready " + name, StringComparison.Ordinal))
            {
                _ = child.ForwardAsync();
                return child;
            }
        }

        await process.WaitForExitAsync(stopping);
        child.Dispose();
        return null;
    }

    /// <summary>Asks it to read its configuration again.</summary>
    internal void Reload() => _ = Signals.Send(_process.Id, Signals.HangUp);

    /// <summary>Asks it to end; it keeps its blocks.</summary>
    internal async Task StopAsync()
    {
        if (_process.HasExited)
            return;

        _ = Signals.Send(_process.Id, Signals.Terminate);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(12));
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync($"redoubt up: the {Name} did not end in time and is killed; blocks stay and end on time.");
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }
    }

    public void Dispose() => _process.Dispose();

    private async Task ForwardAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
            await Console.Out.WriteLineAsync(line);
    }
}
