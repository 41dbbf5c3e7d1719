namespace Redoubt.Engine.Loading;

/// <summary>Splits a rule's group string into groups and compliance arrays, as alerts show them.</summary>
/// <remarks>Source: rule-engine.md 3.6.</remarks>
internal static class GroupNames
{
    // Blanks around a part are kept: the original shows " WAF" for "Cloudflare, WAF".
    private static readonly string[] Standards = ["pci_dss", "cis", "gdpr", "gpg13", "hipaa", "nist_800_53", "tsc"];

    public static (IReadOnlyList<string> Groups, IReadOnlyList<KeyValuePair<string, IReadOnlyList<string>>> Compliance) Split(
        string groupString
    )
    {
        var groups = new List<string>();
        var compliance = new List<KeyValuePair<string, IReadOnlyList<string>>>();
        var values = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var part in groupString.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var standard = Array.Find(Standards, s => part.StartsWith(s + "_", StringComparison.Ordinal));
            if (standard is null)
                groups.Add(part);
            else if (values.TryGetValue(standard, out var list))
                list.Add(part[(standard.Length + 1)..]);
            else
                values.Add(standard, [part[(standard.Length + 1)..]]);
        }

        foreach (var standard in Standards)
        {
            if (values.TryGetValue(standard, out var list))
                compliance.Add(new KeyValuePair<string, IReadOnlyList<string>>(standard, list));
        }

        return (groups, compliance);
    }
}
