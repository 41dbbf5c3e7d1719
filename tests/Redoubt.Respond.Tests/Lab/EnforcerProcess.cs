using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Redoubt.Tests.Respond.Lab;

/// <summary>The real program, started inside a namespace.</summary>
internal sealed partial class EnforcerProcess : IAsyncDisposable
{
    private const int SignalTerminate = 15;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly StringBuilder errors = new();

    private EnforcerProcess(Process process) => this.process = process;

    /// <summary>What it has written to standard error so far.</summary>
    internal string Errors
    {
        get
        {
            lock (errors)
                return errors.ToString();
        }
    }

    internal static string ProgramPath { get; } = System.IO.Path.Join(AppContext.BaseDirectory, "redoubt-enforcer");

    /// <summary>Starts it and waits until it says that it is ready.</summary>
    internal static async Task<EnforcerProcess> StartAsync(Namespace ns, string home, params string[] more)
    {
        var started = Launch("ip", ["netns", "exec", ns.Name, ProgramPath, "--home", home, .. more]);
        var line = await started.process.StandardOutput.ReadLineAsync().WaitAsync(Deadline);
        if (line == "ready enforcer")
            return started;

        await started.DisposeAsync();
        throw new InvalidOperationException($"the enforcer said '{line}': {started.Errors}");
    }

    /// <summary>Runs it where it is expected to end by itself.</summary>
    /// <returns>Exit code, standard output, standard error.</returns>
    internal static async Task<(int Code, string Output, string Errors)> RunAsync(string program, params string[] arguments)
    {
        await using var started = Launch(program, arguments);
        var output = await started.process.StandardOutput.ReadToEndAsync().WaitAsync(Deadline);
        await started.process.WaitForExitAsync().WaitAsync(Deadline);
        return (started.process.ExitCode, output, started.Errors);
    }

    /// <summary>Sends SIGTERM and waits for the end.</summary>
    internal async Task<int> TerminateAsync()
    {
        Assert.Equal(0, Kill(process.Id, SignalTerminate));
        await process.WaitForExitAsync().WaitAsync(Deadline);
        return process.ExitCode;
    }

    /// <summary>Sends SIGKILL and waits for the end.</summary>
    internal async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync().WaitAsync(Deadline);
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            await KillAsync();
        process.Dispose();
    }

    private static EnforcerProcess Launch(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(Tool.Find(program) ?? program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        var started = new EnforcerProcess(Process.Start(start) ?? throw new InvalidOperationException(program));
        started.process.ErrorDataReceived += (_, e) =>
        {
            lock (started.errors)
                started.errors.AppendLine(e.Data);
        };
        started.process.BeginErrorReadLine();
        return started;
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}
