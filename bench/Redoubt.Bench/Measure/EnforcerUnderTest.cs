using System.Diagnostics;
using Redoubt.Respond;

namespace Redoubt.Bench.Measure;

/// <summary>The real enforcer in a network namespace of its own, with a client; nothing of the machine's firewall is touched.</summary>
internal sealed class EnforcerUnderTest : IAsyncDisposable
{
    private readonly NetworkNamespace _network = new();
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("rdt-bench-");
    private Process? _process;
    private EnforcerClient? _client;

    /// <summary>Starts it.</summary>
    /// <exception cref="InvalidOperationException">It did not get ready; the message holds what it said.</exception>
    internal static async Task<EnforcerUnderTest> StartAsync(string program)
    {
        var started = new EnforcerUnderTest();
        try
        {
            _ = started._home.CreateSubdirectory("queue");
            var start = new ProcessStartInfo("ip", ["netns", "exec", started._network.Name, program, "--home", started._home.FullName])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            };
            started._process = Process.Start(start)!;

            // Its log is no part of the figures, but a full pipe would hold it up.
            started._process.ErrorDataReceived += (_, _) => { };
            started._process.BeginErrorReadLine();
            if (await started._process.StandardOutput.ReadLineAsync() != "ready enforcer")
                throw new InvalidOperationException($"{program} did not get ready");

            started._client = await EnforcerClient.ConnectAsync(
                Path.Combine(started._home.FullName, "var/run/enforcer.sock"),
                CancellationToken.None
            );
            return started;
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    /// <summary>Resident memory, MiB.</summary>
    internal double MemoryMebibytes => ProcessFigures.ResidentMebibytes(_process!.Id);

    internal Task<EnforceReply> SendAsync(EnforceRequest request) => _client!.SendAsync(request, CancellationToken.None);

    /// <summary>Puts targets into the kernel and has them read back.</summary>
    /// <exception cref="InvalidOperationException">One of them is not there.</exception>
    internal async Task LoadAsync(string[] targets)
    {
        var reply = await SendAsync(
            new EnforceRequest
            {
                Verb = EnforceVerb.Load,
                Targets = targets,
                TargetsDurationMilliseconds = Array.ConvertAll(targets, _ => 3_600_000L),
            }
        );
        if (reply.Outcome != EnforceOutcome.Ok || reply.Restored != targets.Length)
            throw new InvalidOperationException($"{reply.Restored} of {targets.Length} targets were loaded: {reply.Reason}");
    }

    public async ValueTask DisposeAsync()
    {
        if (_client is not null)
            await _client.DisposeAsync();
        if (_process is { HasExited: false })
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process?.Dispose();
        _network.Dispose();
        _home.Delete(recursive: true);
    }
}
