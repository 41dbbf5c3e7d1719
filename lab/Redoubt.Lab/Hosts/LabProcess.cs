using System.Diagnostics;

namespace Redoubt.Lab;

/// <summary>A program running on a lab host.</summary>
/// <remarks>
/// Two processes stand behind it: <c>nsenter</c>, our child, and the program itself, its child inside the host's pid
/// namespace. Signals go to the program; the exit status is passed on. Disposing kills it.
/// </remarks>
public sealed class LabProcess : IAsyncDisposable
{
    private readonly Process _entry;
    private readonly Task _ended;

    internal LabProcess(ProcessStartInfo start)
    {
        Name = Path.GetFileName(start.ArgumentList.SkipWhile(a => a != "--").Skip(1).First());
        _entry = new Process { StartInfo = start };
        _entry.Start();
        _ended = Task.WhenAll(ReadAsync(_entry.StandardOutput, Output), ReadAsync(_entry.StandardError, Error), _entry.WaitForExitAsync());
    }

    /// <summary>File name of the program.</summary>
    public string Name { get; }

    /// <summary>Lines of standard output.</summary>
    public LineLog Output { get; } = new();

    /// <summary>Lines of standard error.</summary>
    public LineLog Error { get; } = new();

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _entry.HasExited;

    /// <summary>Everything it said, for messages.</summary>
    public string Said => $"{Name}, {(HasExited ? $"ended with {_entry.ExitCode}" : "running")}\n{Output}\n{Error}";

    /// <summary>Writes one line to its standard input.</summary>
    public async Task WriteLineAsync(string line)
    {
        await _entry.StandardInput.WriteLineAsync(line);
        await _entry.StandardInput.FlushAsync();
    }

    /// <summary>Waits for a line of standard output; see <see cref="LineLog.WaitForAsync"/>.</summary>
    public async Task<string> WaitForLineAsync(string pattern, TimeSpan within, int first = 0)
    {
        try
        {
            return await Output.WaitForAsync(pattern, within, first);
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"{Name}: {exception.Message}\nStandard error:\n{Error}", exception);
        }
    }

    /// <summary>Waits for its end.</summary>
    /// <exception cref="TimeoutException">Still running after <paramref name="within"/>.</exception>
    public async Task<CommandResult> WaitForExitAsync(TimeSpan within)
    {
        try
        {
            await _ended.WaitAsync(within);
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"{Name} still runs after {within.TotalSeconds} s.\n{Said}", exception);
        }

        return new CommandResult(_entry.ExitCode, Text(Output), Text(Error));
    }

    /// <summary>Asks for an orderly end (SIGTERM) and waits for it.</summary>
    public async Task<CommandResult> StopAsync(TimeSpan within)
    {
        await SignalAsync(Native.SigTerm);
        return await WaitForExitAsync(within);
    }

    /// <summary>Presses Ctrl-C (SIGINT) and waits for the end.</summary>
    public async Task<CommandResult> InterruptAsync(TimeSpan within)
    {
        await SignalAsync(Native.SigInt);
        return await WaitForExitAsync(within);
    }

    /// <summary>Ends it as a crash would (SIGKILL) and waits until it is gone.</summary>
    /// <remarks>Programs it had started go on, and may hold its output open: what it said before is complete only where there are none.</remarks>
    public async Task KillAsync()
    {
        await SignalAsync(Native.SigKill);
        await _entry.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(10));
        await Task.WhenAny(_ended, Task.Delay(TimeSpan.FromSeconds(1)));
    }

    /// <summary>Makes it stand still (SIGSTOP).</summary>
    public async Task PauseAsync()
    {
        await SignalAsync(Native.SigStop);
        // nsenter stops itself with its child; before it has done so it would miss the signal to go on.
        await Wait.UntilAsync(() => StateOf(_entry.Id) == 'T', $"{Name} stands still", TimeSpan.FromSeconds(10));
    }

    /// <summary>Lets it go on (SIGCONT); nsenter passes that on.</summary>
    public async Task ContinueAsync()
    {
        Native.Signal(_entry.Id, Native.SigCont);
        await Wait.UntilAsync(() => StateOf(ChildOf(_entry.Id)) != 'T', $"{Name} goes on", TimeSpan.FromSeconds(10));
    }

    /// <summary>Sends SIGHUP.</summary>
    public Task HangUpAsync() => SignalAsync(Native.SigHup);

    /// <summary>Ends standard input.</summary>
    public void CloseInput() => _entry.StandardInput.Close();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_entry.HasExited)
            await KillAsync();

        _entry.Dispose();
    }

    private static string Text(LineLog log) => log.Lines.Count == 0 ? string.Empty : log + "\n";

    private static async Task ReadAsync(StreamReader reader, LineLog log)
    {
        while (await reader.ReadLineAsync() is { } line)
            log.Add(line);

        log.End();
    }

    private async Task SignalAsync(int signal)
    {
        var program = 0;
        await Wait.UntilAsync(
            () => _entry.HasExited || (program = ChildOf(_entry.Id)) != 0,
            $"nsenter has started {Name}",
            TimeSpan.FromSeconds(10)
        );
        if (program != 0)
            Native.Signal(program, signal);
    }

    // "pid (name) S …"
    private static char StateOf(int processId)
    {
        var text = File.ReadAllText($"/proc/{processId}/stat");
        return text[text.LastIndexOf(')') + 2];
    }

    private static int ChildOf(int processId)
    {
        try
        {
            var children = File.ReadAllText($"/proc/{processId}/task/{processId}/children")
                .Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return children.Length == 0 ? 0 : int.Parse(children[0]);
        }
        catch (IOException)
        {
            return 0; // it has just ended
        }
    }
}
