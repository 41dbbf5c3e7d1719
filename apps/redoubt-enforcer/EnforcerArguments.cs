using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Redoubt.Respond;

namespace Redoubt.Enforcer;

/// <summary>The command line of the enforcer.</summary>
internal static class EnforcerArguments
{
    internal const string Usage = """
        redoubt enforcer --home DIR [--agent-uid N] [--firewall nftables|iptables|null]
          Holds this host's firewall for the agent: serves DIR/var/run/enforcer.sock, needs root or CAP_NET_ADMIN.
          --home DIR     default: REDOUBT_HOME
          --agent-uid N  the user who may ask besides root (default: the owner of DIR/queue)
          --firewall F   what carries firewall-drop out: nftables, iptables (with ipset), or null (observe only, for all responses);
                         default: nftables, or iptables where this host has no nftables
        """;

    /// <summary>Reads it.</summary>
    /// <param name="arguments">Without the program's name.</param>
    /// <param name="options">What it says.</param>
    /// <param name="problem">What is wrong with it; null when help was asked for.</param>
    internal static bool TryRead(string[] arguments, [NotNullWhen(true)] out EnforcerOptions? options, out string? problem)
    {
        options = null;
        problem = null;
        var home = Environment.GetEnvironmentVariable("REDOUBT_HOME");
        uint? agentUserId = null;
        string? firewall = null;
        for (var i = 0; i < arguments.Length; i++)
        {
            var (name, inline) = Split(arguments[i]);
            if (name is "--help" or "-h")
                return false;

            if (name is not ("--home" or "--agent-uid" or "--firewall"))
                return Fail($"redoubt enforcer: {name} is unknown; redoubt enforcer --help shows what is", out problem);
            if (inline is null && i + 1 == arguments.Length)
                return Fail($"redoubt enforcer: {name} needs a value", out problem);

            var value = inline ?? arguments[++i];
            if (name == "--home")
                home = value;
            else if (name == "--firewall" && value is ("nftables" or "iptables" or "null"))
                firewall = value;
            else if (name == "--firewall")
                return Fail($"redoubt enforcer: --firewall {value} is none of nftables, iptables, null", out problem);
            else if (uint.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id != uint.MaxValue)
                agentUserId = id;
            else
                return Fail($"redoubt enforcer: --agent-uid {value} is no user id", out problem);
        }

        if (string.IsNullOrEmpty(home))
            return Fail("redoubt enforcer: --home DIR is missing", out problem);

        options = new EnforcerOptions
        {
            Home = home,
            AgentUserId = agentUserId,
            Firewall = firewall,
        };
        return true;
    }

    private static (string Name, string? Value) Split(string argument)
    {
        var equals = argument.StartsWith("--", StringComparison.Ordinal) ? argument.IndexOf('=', StringComparison.Ordinal) : -1;
        return equals < 0 ? (argument, null) : (argument[..equals], argument[(equals + 1)..]);
    }

    private static bool Fail(string what, out string? problem)
    {
        problem = what;
        return false;
    }
}
