using System.Diagnostics;
using System.Globalization;

namespace Redoubt.Lab;

/// <summary>Four virtual hosts on one switch: 10.0.0.0/24 and fd00:10::/64.</summary>
/// <remarks>
/// Everything lives in namespaces of its own: the machine's network, firewall, files, users and services are not touched.
/// What the lab leaves on disk is one folder under the temporary folder, named <c>rdt-PID-…</c>; those of lab processes
/// that are gone are removed when the next lab is made. Cost: about a third of a second, and no traffic outside.
/// </remarks>
public sealed class LabNetwork : IAsyncDisposable
{
    private static readonly Lazy<string?> Obstacle = new(FindObstacle);

    private readonly LabHost _switch;

    private LabNetwork(string folder, LabHost switchHost, LabHost[] hosts)
    {
        Folder = folder;
        _switch = switchHost;
        (Manager, Agent, Attacker, Bystander) = (hosts[0], hosts[1], hosts[2], hosts[3]);
    }

    /// <summary>A folder that all hosts see at the same path and may write; others may traverse it.</summary>
    public string Folder { get; }

    /// <summary>10.0.0.4.</summary>
    public LabHost Manager { get; }

    /// <summary>10.0.0.5.</summary>
    public LabHost Agent { get; }

    /// <summary>10.0.0.6.</summary>
    public LabHost Attacker { get; }

    /// <summary>10.0.0.7.</summary>
    public LabHost Bystander { get; }

    /// <summary>The four hosts.</summary>
    public IReadOnlyList<LabHost> Hosts => [Manager, Agent, Attacker, Bystander];

    /// <summary>Why no lab can be made here, in one sentence; null when it can.</summary>
    public static string? WhyImpossible() => Obstacle.Value;

    /// <summary>Makes the four hosts and connects them.</summary>
    /// <exception cref="InvalidOperationException">The machine refuses; the message says what.</exception>
    public static async Task<LabNetwork> CreateAsync()
    {
        var packages = await PackageCache.GetAsync();
        RemoveStaleFolders();
        var folder = Directory.CreateTempSubdirectory($"rdt-{Environment.ProcessId}-").FullName;
        File.SetUnixFileMode(
            folder,
            UnixFileMode.UserRead
                | UnixFileMode.UserWrite
                | UnixFileMode.UserExecute
                | UnixFileMode.GroupRead
                | UnixFileMode.GroupExecute
                | UnixFileMode.OtherRead
                | UnixFileMode.OtherExecute
        );
        var mount = Path.Combine(folder, "mount");
        Directory.CreateDirectory(mount);

        (string Name, int Number)[] wanted = [("manager", 4), ("agent", 5), ("attacker", 6), ("bystander", 7)];
        Task<LabHost>[] tasks =
        [
            LabHost.CreateSwitchAsync(),
            .. wanted.Select(w => LabHost.CreateAsync(w.Name, w.Number, folder, packages)),
        ];
        try
        {
            var made = await Task.WhenAll(tasks);
            await ConnectAsync(made[0], made[1..]);
            return new LabNetwork(folder, made[0], made[1..]);
        }
        catch
        {
            foreach (var task in tasks.Where(t => t.IsCompletedSuccessfully))
                await (await task).DisposeAsync();
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    /// <summary>Pulls a host's cable out of the switch, or puts it back; its own end stays up, with its addresses.</summary>
    public Task SetLinkAsync(LabHost host, bool isUp) => IpBatchAsync(_switch, $"link set {host.Name} {(isUp ? "up" : "down")}");

    private static string? FindObstacle()
    {
        if (Native.EffectiveUser() != 0)
            return "The lab needs root: it makes network and mount namespaces.";

        string[] needed = ["unshare", "nsenter", "ip", "nft"];
        var missing = needed.Where(n => !IsProgram(n)).ToArray();
        if (missing.Length > 0)
            return $"The lab needs {string.Join(", ", missing)} (Debian packages util-linux, iproute2, nftables).";

        return PackageCache.WhyImpossible() ?? WhyKernelRefuses();
    }

    /// <summary>Which of these network namespaces a process of the machine is still in; none once their lab is gone.</summary>
    public static IReadOnlyList<string> StillInUse(IReadOnlyCollection<string> networkNamespaces)
    {
        var used = Directory
            .GetDirectories("/proc")
            .Where(d => char.IsAsciiDigit(Path.GetFileName(d)[0]))
            .Select(d => new FileInfo($"{d}/ns/net").LinkTarget)
            .ToHashSet(StringComparer.Ordinal);
        return [.. networkNamespaces.Where(used.Contains)];
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(Hosts.Append(_switch).Select(h => h.DisposeAsync().AsTask()));
        Directory.Delete(Folder, recursive: true);
    }

    private static async Task ConnectAsync(LabHost switchHost, IReadOnlyList<LabHost> hosts)
    {
        // From the machine's view of processes but inside the switch's network, so that no device is ever made outside. The
        // switch's ends come up first: then the hosts' addresses are usable at once. No snooping and no forwarding delay:
        // neighbour discovery works from the first packet on.
        await IpBatchAsync(
            switchHost,
            "link add br0 type bridge mcast_snooping 0 forward_delay 0\nlink set br0 up\n"
                + string.Join(
                    '\n',
                    hosts.Select(h =>
                        $"""
                            link add {h.Name} type veth peer name eth0 netns {h.ProcessId}
                            link set {h.Name} master br0 up
                            """
                    )
                )
        );
        await Task.WhenAll(
            hosts.Select(h =>
                IpBatchAsync(
                    h,
                    $"""
                    link set eth0 up
                    addr add {h.IPv4}/24 dev eth0
                    addr add {h.IPv6}/64 dev eth0 nodad
                    """
                )
            )
        );
    }

    private static async Task IpBatchAsync(LabHost host, string commands)
    {
        var start = new ProcessStartInfo("nsenter", [$"--target={host.ProcessId}", "--net", "--", "ip", "-batch", "-"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("nsenter did not start");
        await process.StandardInput.WriteAsync(commands + "\n");
        process.StandardInput.Close();
        var said = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"The network of {host.Name} cannot be set: {said.Trim()}");
    }

    private static void RemoveStaleFolders()
    {
        foreach (var folder in Directory.GetDirectories(Path.GetTempPath(), "rdt-*"))
        {
            var parts = Path.GetFileName(folder).Split('-');
            if (
                parts.Length == 3
                && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var owner)
                && !Directory.Exists($"/proc/{owner}")
            )
            {
                RemoveStaleFolder(folder);
            }
        }
    }

    private static void RemoveStaleFolder(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (IOException)
        {
            // Another lab that starts just now removes it as well.
        }
    }

    private static bool IsProgram(string name) =>
        (Environment.GetEnvironmentVariable("PATH") + ":/usr/sbin:/sbin").Split(':').Any(folder => File.Exists(Path.Combine(folder, name)));

    private static string? WhyKernelRefuses()
    {
        const string trial = """
            set -e
            ip link add rdt0 type veth peer name rdt1
            ip link add rdtbr type bridge
            nft add table inet trial
            mount -t tmpfs lab /mnt
            mkdir /mnt/upper /mnt/work /mnt/root
            mount -t overlay -o lowerdir=/,upperdir=/mnt/upper,workdir=/mnt/work lab /mnt/root
            """;
        var start = new ProcessStartInfo("unshare", ["--mount", "--net", "--pid", "--uts", "--ipc", "--fork", "--", "sh", "-c", trial])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? null : $"The lab cannot be made on this kernel: {said.Trim()}";
    }
}
