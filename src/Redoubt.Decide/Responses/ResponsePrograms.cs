namespace Redoubt.Decide;

/// <summary>Which stock programs act on an address.</summary>
/// <remarks>Source: active-response.md 2.7. Others, custom scripts included, read the alert themselves.</remarks>
public static class ResponsePrograms
{
    private static readonly HashSet<string> OnAddresses = new(StringComparer.Ordinal)
    {
        "firewall-drop", "default-firewall-drop", "firewall-drop.sh", "firewalld-drop", "firewalld-drop.sh", "host-deny", "host-deny.sh",
        "route-null", "route-null.sh", "ip-customblock", "ip-customblock.sh", "pf", "pf.sh", "npf", "npf.sh", "ipfw", "ipfw.sh", "netsh.exe",
    };

    /// <summary>Whether the program needs an address to act on.</summary>
    public static bool ActsOnAddress(string executable) => OnAddresses.Contains(executable);
}
