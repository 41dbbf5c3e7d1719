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

    private static string Kernel(string name)
    {
        var path = "/proc/sys/kernel/" + name;
        return File.Exists(path) ? File.ReadAllText(path).Trim() : string.Empty;
    }
}
