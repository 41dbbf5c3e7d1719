using System.Globalization;
using Redoubt.Respond.Firewall.Nftables;

namespace Redoubt.Respond.Firewall.Ipset;

/// <summary>The rules that drop what is in the sets, for one family, through the <c>iptables</c> programs. Used for setting up and mending only.</summary>
/// <remarks>They stand first in <c>PREROUTING</c> of the table <c>raw</c>: before connection tracking, and forwarded traffic is covered.</remarks>
internal sealed class IptablesTool
{
    private readonly SystemProgram program;
    private readonly SystemProgram restore;
    private readonly string[] rules;

    private IptablesTool(SystemProgram program, SystemProgram restore, bool isIPv6)
    {
        this.program = program;
        this.restore = restore;
        rules =
        [
            .. NftNames.Sets.Where(s => s.IsIPv6 == isIPv6).Select(s => $"PREROUTING -m set --match-set {IpsetSets.NameOf(s)} src -j DROP"),
        ];
    }

    /// <summary>Finds the programs of one family in the system's folders.</summary>
    /// <returns>Null when they are not installed.</returns>
    internal static IptablesTool? Find(bool isIPv6)
    {
        var name = isIPv6 ? "ip6tables" : "iptables";
        return SystemProgram.Find(name) is { } program && SystemProgram.Find(name + "-restore") is { } restore
            ? new IptablesTool(program, restore, isIPv6)
            : null;
    }

    /// <summary>Whether the rules become nftables rules in the kernel, whose changes have a number.</summary>
    /// <exception cref="IOException">The program cannot be used.</exception>
    internal bool IsOverNftables() => program.Run(["--version"]).Contains("nf_tables", StringComparison.Ordinal);

    /// <summary>Puts the rules where they belong if they are not there.</summary>
    /// <returns>Whether something had to be done.</returns>
    /// <exception cref="IOException">The program refused.</exception>
    internal bool Mend()
    {
        var wanted = rules.Select(r => "-A " + r).ToArray();
        var there = program
            .Run(["-w", "5", "-t", "raw", "-S", "PREROUTING"])
            .Split('\n')
            .Where(l => l.StartsWith("-A ", StringComparison.Ordinal))
            .ToArray();
        if (there.Take(wanted.Length).SequenceEqual(wanted, StringComparer.Ordinal))
            return false;

        // One commit: what was elsewhere goes, and ours come first.
        var script = "*raw\n";
        foreach (var line in there.Where(wanted.Contains))
            script += string.Create(CultureInfo.InvariantCulture, $"-D {line[3..]}\n");
        foreach (var rule in rules.Reverse())
            script += $"-I {rule}\n";
        restore.Run(["-w", "5", "--noflush"], script + "COMMIT\n");
        return true;
    }
}
