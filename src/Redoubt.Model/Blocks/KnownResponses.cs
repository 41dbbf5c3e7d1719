namespace Redoubt.Model;

/// <summary>The response programs that Wazuh, OSSEC and Redoubt bring, by the names that configurations write: what each acts on, and what carries it out here.</summary>
/// <remarks>The one list of these names. Every other executable is a program of the host's owner in <c>active-response/bin</c>, and what it
/// acts on is not known. Immutable; threads: safe. Source: active-response.md 2.7 and section 4.</remarks>
public static class KnownResponses
{
    /// <summary>What carries <c>firewall-drop</c> out: the host's own choice of nftables, iptables with ipset, or nothing.</summary>
    public const string DefaultBackEnd = "firewall-drop";

    private const string Suffix = ".sh";

    private static readonly Dictionary<string, string> BackEnds = new(StringComparer.Ordinal)
    {
        ["firewall-drop"] = DefaultBackEnd,
        ["default-firewall-drop"] = DefaultBackEnd,
        ["pf"] = DefaultBackEnd,
        ["npf"] = DefaultBackEnd,
        ["ipfw"] = DefaultBackEnd,
        ["netsh.exe"] = DefaultBackEnd,
        ["firewalld-drop"] = "firewalld-drop",
        ["host-deny"] = "host-deny",
        ["route-null"] = "route-null",
        ["null"] = "null",
    };

    private static readonly HashSet<string> OursOnAddresses = new(StringComparer.Ordinal) { "ip-customblock", "ip-customblock.sh" };

    // An account, the agent itself, a channel.
    private static readonly HashSet<string> OursOnSomethingElse = new(StringComparer.Ordinal)
    {
        "disable-account",
        "disable-account.sh",
        "restart-wazuh",
        "restart-ossec.sh",
        "wazuh-slack",
        "ossec-slack.sh",
    };

    // Ends the sessions of the source or of a user, whichever the alert names.
    private const string KillSession = "kill-session";

    private static readonly HashSet<string> OthersOnSomethingElse = new(StringComparer.Ordinal)
    {
        "restart-wazuh.exe",
        "restart-ossec.cmd",
        "restart.sh",
        "kaspersky",
        "kaspersky.py",
    };

    /// <summary>The names that Redoubt answers to when it is called as a program by Wazuh's contract, in order.</summary>
    public static IReadOnlyList<string> Programs { get; } =
    [
        .. new[]
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
            KillSession,
        }
            .Concat(OursOnAddresses)
            .Concat(OursOnSomethingElse)
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The name of what carries a response out that keeps an address out: two responses with the same one share their blocks.</summary>
    /// <param name="executable">With or without <c>.sh</c>.</param>
    /// <returns>Null for a response that does something else.</returns>
    public static string? BackEndOf(string executable) =>
        BackEnds.GetValueOrDefault(executable.EndsWith(Suffix, StringComparison.Ordinal) ? executable[..^Suffix.Length] : executable);

    /// <summary>Whether the enforcer itself drops the target, without a program.</summary>
    public static bool IsFirewall(string executable) => BackEndOf(executable) is not null;

    /// <summary>Whether it needs an address to act on.</summary>
    public static bool ActsOnAddress(string executable) => IsFirewall(executable) || OursOnAddresses.Contains(executable);

    /// <summary>Whether it is known to act on something that is not the source: an account, the agent itself, a channel.</summary>
    /// <remarks>The white list, which holds sources, does not stop these.</remarks>
    public static bool ActsOnSomethingElse(string executable) =>
        OursOnSomethingElse.Contains(executable) || OthersOnSomethingElse.Contains(executable);
}
