using System.Globalization;
using System.Text;

namespace Redoubt.Respond.Firewall.Nftables;

/// <summary>The text that sets our table up.</summary>
internal static class NftScript
{
    /// <summary>Makes the table, replacing one that is there in the same transaction; other tables are never named.</summary>
    /// <param name="replace">Whether a table is there.</param>
    /// <param name="keep">Blocks to put in at once, so that no attacker gets a gap.</param>
    internal static string Write(bool replace, IReadOnlyCollection<FirewallEntry> keep)
    {
        var text = new StringBuilder();
        if (replace)
            text.Append("delete table inet ").Append(NftNames.Table).Append('\n');

        text.Append("table inet ").Append(NftNames.Table).Append(" {\n");
        foreach (var set in NftNames.Sets)
        {
            text.Append("  set ")
                .Append(set.Name)
                .Append(" { type ")
                .Append(set.IsIPv6 ? "ipv6_addr" : "ipv4_addr")
                .Append("; flags ")
                .Append(set.IsInterval ? "interval, " : "")
                .Append("timeout; }\n");
        }

        text.Append("  chain ")
            .Append(NftNames.Chain)
            .Append(" { type filter hook prerouting priority ")
            .Append(NftNames.Priority.ToString(CultureInfo.InvariantCulture))
            .Append("; policy accept;\n");
        foreach (var set in NftNames.Sets)
            text.Append("    ").Append(set.IsIPv6 ? "ip6" : "ip").Append(" saddr @").Append(set.Name).Append(" counter drop\n");
        text.Append("  }\n}\n");

        foreach (var ofSet in keep.GroupBy(e => NftNames.SetOf(e.Target)))
            AppendElements(text, ofSet.Key, ofSet);
        return text.ToString();
    }

    private static void AppendElements(StringBuilder text, NftSet set, IEnumerable<FirewallEntry> entries)
    {
        text.Append("add element inet ").Append(NftNames.Table).Append(' ').Append(set.Name).Append(" { ");
        foreach (var entry in entries)
        {
            text.Append(entry.Target.ToString());
            if (entry.RemainingMilliseconds >= 0)
                text.Append(CultureInfo.InvariantCulture, $" timeout {Math.Max(entry.RemainingMilliseconds, 1)}ms");
            text.Append(", ");
        }

        text.Length -= 2;
        text.Append(" }\n");
    }
}
