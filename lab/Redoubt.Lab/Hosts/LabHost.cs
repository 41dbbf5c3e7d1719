using System.Diagnostics;
using System.Net;
using System.Text.Json;

namespace Redoubt.Lab;

/// <summary>One virtual host: its own network, processes, root folder and accounts, on the machine's kernel.</summary>
/// <remarks>
/// Exists as long as its first process, which lives as long as the pipe this object holds: when the lab is disposed of,
/// crashes or is killed, the kernel ends every process of the host and drops its mounts, devices and firewall tables.
/// </remarks>
public sealed class LabHost : IAsyncDisposable
{
    private static readonly TimeSpan CommandLimit = TimeSpan.FromSeconds(60);

    private readonly Process _first;

    private LabHost(string name, int number, Process first)
    {
        Name = name;
        IPv4 = IPAddress.Parse($"10.0.0.{number}");
        IPv6 = IPAddress.Parse($"fd00:10::{number}");
        _first = first;
    }

    /// <summary>Host name.</summary>
    public string Name { get; }

    /// <summary>Its IPv4 address, 10.0.0.n.</summary>
    public IPAddress IPv4 { get; }

    /// <summary>Its IPv6 address, fd00:10::n.</summary>
    public IPAddress IPv6 { get; }

    /// <summary>The kernel's name of its network namespace, <c>net:[…]</c>.</summary>
    public string NetworkNamespace =>
        new FileInfo($"/proc/{ProcessId}/ns/net").LinkTarget ?? throw new InvalidOperationException($"{Name} is gone");

    /// <summary>A process of the machine that stands in all namespaces of the host (but the pid namespace).</summary>
    internal int ProcessId => _first.Id;

    /// <summary>Where a file of the host is found from outside.</summary>
    /// <param name="path">Absolute path on the host.</param>
    public string PathOf(string path) => $"/proc/{ProcessId}/root{path}";

    /// <summary>Runs a program to its end.</summary>
    public async Task<CommandResult> RunAsync(string program, params IEnumerable<string> arguments)
    {
        await using var process = Start(program, arguments);
        process.CloseInput();
        return await process.WaitForExitAsync(CommandLimit);
    }

    /// <summary>Runs a program that must succeed.</summary>
    /// <exception cref="InvalidOperationException">It did not; the message holds what it said.</exception>
    public async Task<string> MustRunAsync(string program, params IEnumerable<string> arguments)
    {
        var words = arguments.ToArray();
        var result = await RunAsync(program, words);
        return result.Succeeded
            ? result.Output
            : throw new InvalidOperationException($"{Name}: {program} {string.Join(' ', words)}: {result}");
    }

    /// <summary>Starts a program; as root, with an environment of its own.</summary>
    public LabProcess Start(string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("nsenter")
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
        start.Environment["HOME"] = "/root";
        start.Environment["LANG"] = "C.UTF-8";
        start.Environment["TERM"] = "dumb";
        start.Environment["DOTNET_ROOT"] = Checkout.DotnetFolder;
        start.Environment["DOTNET_NOLOGO"] = "1";
        string[] entry =
        [
            $"--target={ProcessId}",
            "--mount",
            "--net",
            "--uts",
            "--ipc",
            $"--pid=/proc/{ProcessId}/ns/pid_for_children",
            "--",
            program,
        ];
        foreach (var word in entry.Concat(arguments))
            start.ArgumentList.Add(word);

        return new LabProcess(start);
    }

    /// <summary>Runs code on a thread of its own that stands in this host's network; sockets made there stay in it.</summary>
    public Task<T> InNetworkAsync<T>(Func<T> work)
    {
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            // The thread ends here, so nothing of ours is left in the host's network by accident.
            try
            {
                Native.EnterNetwork(ProcessId);
                result.SetResult(work());
            }
            catch (Exception exception)
            {
                result.SetException(exception);
            }
        });
        thread.IsBackground = true;
        thread.Start();
        return result.Task;
    }

    /// <summary>What the host's kernel blocks now, from the sets <c>block4</c>, <c>block6</c>, <c>net4</c> and <c>net6</c>
    /// of the table <c>inet redoubt</c>; empty when there is no such table.</summary>
    public async Task<IReadOnlyList<KernelBlock>> KernelBlocksAsync()
    {
        var result = await RunAsync("nft", "-j", "list", "table", "inet", "redoubt");
        if (!result.Succeeded)
        {
            return result.Error.Contains("No such file", StringComparison.Ordinal)
                ? []
                : throw new InvalidOperationException($"{Name}: nft: {result}");
        }

        using var json = JsonDocument.Parse(result.Output);
        return KernelBlock.Read(json.RootElement);
    }

    /// <summary>The kernel's block of one address, or null.</summary>
    public async Task<KernelBlock?> KernelBlockAsync(IPAddress address) =>
        (await KernelBlocksAsync()).FirstOrDefault(b => b.Target == address.ToString());

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _first.StandardInput.Close();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            await _first.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _first.Kill();
            await _first.WaitForExitAsync(CancellationToken.None);
        }

        _first.Dispose();
    }

    /// <summary>Makes the host; its network has no device yet but loopback.</summary>
    /// <param name="name">Host name.</param>
    /// <param name="number">Last part of its addresses.</param>
    /// <param name="folder">The lab's folder, shared by its hosts.</param>
    /// <param name="packages">Root of the unpacked packages that are laid over the machine's files.</param>
    internal static Task<LabHost> CreateAsync(string name, int number, string folder, string packages)
    {
        using var stream = typeof(LabHost).Assembly.GetManifestResourceStream("host-init.sh")!;
        using var reader = new StreamReader(stream);
        return StartAsync(
            name,
            number,
            reader.ReadToEnd(),
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["LAB_NAME"] = name,
                ["LAB_FOLDER"] = folder,
                ["LAB_PACKAGES"] = packages,
                ["LAB_VISIBLE"] = $"{Checkout.Root}:{Checkout.DotnetFolder}",
            }
        );
    }

    /// <summary>Makes a host that only connects others: it keeps the machine's files and needs no address.</summary>
    internal static Task<LabHost> CreateSwitchAsync() => StartAsync("switch", 0, "echo ready; read -r _ || true", []);

    private static async Task<LabHost> StartAsync(string name, int number, string script, Dictionary<string, string> environment)
    {
        string[] words =
        [
            "--mount",
            "--net",
            "--pid",
            "--uts",
            "--ipc",
            "--fork",
            "--kill-child",
            "--propagation=private",
            "--",
            "bash",
            "-c",
            script,
            $"rdt-{Environment.ProcessId}-{name}",
        ];
        var start = new ProcessStartInfo("unshare", words)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (key, value) in environment)
            start.Environment[key] = value;

        var first = Process.Start(start) ?? throw new InvalidOperationException("unshare did not start");
        var ready = await first.StandardOutput.ReadLineAsync();
        if (ready == "ready")
            return new LabHost(name, number, first);

        var said = await first.StandardError.ReadToEndAsync();
        await first.WaitForExitAsync();
        first.Dispose();
        throw new InvalidOperationException($"The lab host {name} cannot be made: {said.Trim()}");
    }
}
