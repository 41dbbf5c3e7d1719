using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Redoubt.Bench.Measure;

/// <summary>The real manager on loopback, with the built-in ruleset and a home of its own that is removed afterwards.</summary>
internal sealed class ManagerUnderTest : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rdt-bench-");
    private readonly string _program;

    private ManagerUnderTest(string program) => _program = program;

    /// <summary>The manager.</summary>
    public RunningProcess Process { get; private set; } = null!;

    /// <summary>Where agents come to.</summary>
    public string Address { get; } = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{FreePort()}");

    /// <summary>Its alerts.</summary>
    public string AlertsJson => Path.Combine(Home, "logs/alerts/alerts.json");

    private string Home => Path.Combine(_folder.FullName, "M");

    /// <summary>Starts it.</summary>
    /// <param name="program">The command line.</param>
    /// <param name="strangers">Clients that come from loopback at a time before they have proven who they are.</param>
    public static async Task<ManagerUnderTest> StartAsync(string program, int strangers)
    {
        var manager = new ManagerUnderTest(program);
        try
        {
            Directory.CreateDirectory(Path.Combine(manager.Home, "etc"));
            await File.WriteAllTextAsync(
                Path.Combine(manager.Home, "etc/redoubt.conf"),
                $"""
                <redoubt_config>
                  <global><mode>observe</mode></global>
                  <agent_port>
                    <connections>1000000</connections>
                    <unproven>{strangers}</unproven>
                    <unproven_per_address>{strangers}</unproven_per_address>
                    <new_per_minute>1000000</new_per_minute>
                    <time_to_prove>5m</time_to_prove>
                  </agent_port>
                </redoubt_config>

                """
            );
            manager.Process = await RunningProcess.StartAsync(
                "ready manager",
                program,
                "manager",
                "--home",
                manager.Home,
                "--listen",
                manager.Address
            );
            return manager;
        }
        catch
        {
            await manager.DisposeAsync();
            throw;
        }
    }

    /// <summary>A folder beside its home, removed with it.</summary>
    public string CreateFolder(string name) => _folder.CreateSubdirectory(name).FullName;

    /// <summary>Makes an enrolment token.</summary>
    /// <param name="uses">For so many agents.</param>
    /// <returns>A file that holds it.</returns>
    public async Task<string> TokenFileAsync(int uses)
    {
        var start = new System.Diagnostics.ProcessStartInfo(
            _program,
            ["agents", "token", "--home", Home, "--uses", uses.ToString(CultureInfo.InvariantCulture)]
        )
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using var process = System.Diagnostics.Process.Start(start)!;
        var token = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"redoubt agents token ended with {process.ExitCode}");

        var file = Path.Combine(_folder.FullName, "token");
        await File.WriteAllTextAsync(file, token);
        return file;
    }

    public async ValueTask DisposeAsync()
    {
        if (Process is not null)
            await Process.DisposeAsync();

        _folder.Delete(recursive: true);
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
