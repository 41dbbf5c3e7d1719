namespace Redoubt.Respond;

/// <summary>The names of responses that keep an address out, as Wazuh and OSSEC configurations write them, and what carries each out.</summary>
public static class ResponseNames
{
    /// <summary>What carries <c>firewall-drop</c> out: the host's own choice of nftables, iptables with ipset, or nothing.</summary>
    public const string Default = "firewall-drop";

    private const string Suffix = ".sh";

    private static readonly Dictionary<string, string> BackEnds = new(StringComparer.Ordinal)
    {
        ["firewall-drop"] = Default,
        ["default-firewall-drop"] = Default,
        ["pf"] = Default,
        ["npf"] = Default,
        ["ipfw"] = Default,
        ["netsh.exe"] = Default,
        ["firewalld-drop"] = "firewalld-drop",
        ["host-deny"] = "host-deny",
        ["route-null"] = "route-null",
        ["null"] = "null",
    };

    /// <summary>All names, for messages.</summary>
    public static string All { get; } = string.Join(", ", BackEnds.Keys);

    /// <summary>The name of what carries a response out: two responses with the same one share their blocks.</summary>
    /// <param name="response">With or without <c>.sh</c>.</param>
    /// <returns>Null for a response that does something else.</returns>
    public static string? BackEndOf(string response)
    {
        var name = response.EndsWith(Suffix, StringComparison.Ordinal) ? response[..^Suffix.Length] : response;
        return BackEnds.GetValueOrDefault(name);
    }
}
