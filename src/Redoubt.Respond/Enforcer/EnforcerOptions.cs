using Redoubt.Respond.NeverBlock;

namespace Redoubt.Respond;

/// <summary>How one enforcer is set up.</summary>
public sealed record EnforcerOptions
{
    /// <summary>The home folder; it has to be there. The socket is <c>var/run/enforcer.sock</c> in it, the log <c>logs/active-responses.log</c>.</summary>
    public required string Home { get; init; }

    /// <summary>The user who may send requests besides root. Default (null): the owner of <c>queue</c> in the home.</summary>
    public uint? AgentUserId { get; init; }

    /// <summary>What carries <c>firewall-drop</c> out: <c>nftables</c>, <c>iptables</c>, <c>null</c> (nothing is changed), or null for the first one
    /// of nftables and iptables that this host has.</summary>
    public string? Firewall { get; init; }

    /// <summary>Where <c>ip-customblock</c> puts its files.</summary>
    public string CustomBlocks { get; init; } = "/ipblock";

    /// <summary>Where the host's own facts are read.</summary>
    public HostFiles Files { get; init; } = new();
}
