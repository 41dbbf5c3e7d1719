namespace Redoubt.Decide;

/// <summary>What the stock programs act on.</summary>
/// <remarks>Source: active-response.md 2.7. Custom scripts read the alert themselves: what they act on is not known.</remarks>
public static class ResponsePrograms
{
    private static readonly HashSet<string> OnAddresses = new(StringComparer.Ordinal)
    {
        "firewall-drop",
        "default-firewall-drop",
        "firewall-drop.sh",
        "firewalld-drop",
        "firewalld-drop.sh",
        "host-deny",
        "host-deny.sh",
        "route-null",
        "route-null.sh",
        "ip-customblock",
        "ip-customblock.sh",
        "pf",
        "pf.sh",
        "npf",
        "npf.sh",
        "ipfw",
        "ipfw.sh",
        "netsh.exe",
    };

    private static readonly HashSet<string> OnSomethingElse = new(StringComparer.Ordinal)
    {
        "disable-account",
        "disable-account.sh",
        "restart-wazuh",
        "restart-wazuh.exe",
        "restart-ossec.sh",
        "restart-ossec.cmd",
        "restart.sh",
        "kaspersky",
        "kaspersky.py",
        "wazuh-slack",
        "ossec-slack.sh",
    };

    /// <summary>Whether the program is known to act on something that is not the source: an account, the agent itself, a channel.</summary>
    /// <remarks>The white list, which holds sources, does not stop these.</remarks>
    public static bool ActsOnSomethingElse(string executable) => OnSomethingElse.Contains(executable);

    /// <summary>Whether the program needs an address to act on.</summary>
    public static bool ActsOnAddress(string executable) => OnAddresses.Contains(executable);
}
