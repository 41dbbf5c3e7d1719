using System.Net;
using System.Net.NetworkInformation;
using System.Runtime.InteropServices;

namespace Redoubt.Agent;

/// <summary>What this host calls itself.</summary>
internal static class HostDescription
{
    /// <summary>The text that <c>os</c> of agent.conf is compared with: system, host, release, version, machine.</summary>
    internal static string Uname { get; } =
        string.Join(
            " |",
            Kernel("ostype"),
            Environment.MachineName,
            Kernel("osrelease"),
            Kernel("version"),
            RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant(),
            RuntimeInformation.OSDescription
        );

    /// <summary>Addresses of its interfaces that others can reach it by, IPv4 first.</summary>
    internal static IReadOnlyList<string> Addresses() =>
        [
            .. NetworkInterface
                .GetAllNetworkInterfaces()
                .Where(i => i.NetworkInterfaceType != NetworkInterfaceType.Loopback)
                .SelectMany(i => i.GetIPProperties().UnicastAddresses.Select(a => a.Address))
                .Where(a => !a.IsIPv6LinkLocal && !IPAddress.IsLoopback(a))
                .OrderBy(a => a.AddressFamily)
                .Select(a => a.ToString())
                .Distinct(StringComparer.Ordinal)
                .Take(MaxAddresses),
        ];

    // A host of containers has thousands.
    private const int MaxAddresses = 32;

    private static string Kernel(string name)
    {
        var path = "/proc/sys/kernel/" + name;
        return File.Exists(path) ? File.ReadAllText(path).Trim() : string.Empty;
    }
}
