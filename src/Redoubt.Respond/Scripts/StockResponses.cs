namespace Redoubt.Respond;

/// <summary>The responses that Redoubt brings itself, by the names that Wazuh and OSSEC know them by.</summary>
/// <remarks>Every other executable is a program of the host's owner in <c>active-response/bin</c>. Source: active-response.md section 4.</remarks>
public static class StockResponses
{
    private static readonly HashSet<string> OfFirewall = new(StringComparer.Ordinal)
    {
        "firewall-drop",
        "firewall-drop.sh",
        "default-firewall-drop",
        "firewalld-drop",
        "firewalld-drop.sh",
        "host-deny",
        "host-deny.sh",
        "route-null",
        "route-null.sh",
        "pf",
        "pf.sh",
        "npf",
        "npf.sh",
        "ipfw",
        "ipfw.sh",
        "netsh.exe",
    };

    private static readonly HashSet<string> Others = new(StringComparer.Ordinal)
    {
        "ip-customblock",
        "ip-customblock.sh",
        "disable-account",
        "disable-account.sh",
        "restart-wazuh",
        "restart-ossec.sh",
        "kill-session",
        "wazuh-slack",
        "ossec-slack.sh",
    };

    /// <summary>All names, in order.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. OfFirewall.Concat(Others).Order(StringComparer.Ordinal)];

    /// <summary>Whether the response drops its target at this host's firewall.</summary>
    public static bool IsFirewall(string executable) => ResponseNames.BackEndOf(executable) is not null;

    /// <summary>Whether it is one of ours that does something else.</summary>
    public static bool IsOther(string executable) => Others.Contains(executable);
}
