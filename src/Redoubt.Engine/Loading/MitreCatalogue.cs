namespace Redoubt.Engine.Loading;

/// <summary>Names of ATT&amp;CK techniques and the tactics they serve.</summary>
/// <remarks>Alerts of a technique that is not in it have the id alone. Read from the program at first use, then immutable; threads: safe.
/// Source: MITRE ATT&amp;CK for Enterprise; © The MITRE Corporation, reproduced with its permission.</remarks>
internal static class MitreCatalogue
{
    private static readonly Dictionary<string, string> TacticNames = new(StringComparer.Ordinal)
    {
        ["RE"] = "Reconnaissance",
        ["RD"] = "Resource Development",
        ["IA"] = "Initial Access",
        ["EX"] = "Execution",
        ["PE"] = "Persistence",
        ["PR"] = "Privilege Escalation",
        ["DE"] = "Defense Evasion",
        ["CA"] = "Credential Access",
        ["DI"] = "Discovery",
        ["LM"] = "Lateral Movement",
        ["CO"] = "Collection",
        ["CC"] = "Command and Control",
        ["XF"] = "Exfiltration",
        ["IM"] = "Impact",
    };

    private static readonly Dictionary<string, (string Technique, string[] Tactics)> Known = Read();

    /// <summary>Names of the techniques, in the order of the ids; unknown ones are left out.</summary>
    public static IReadOnlyList<string> Techniques(IEnumerable<string> ids) =>
        [.. ids.Where(Known.ContainsKey).Select(id => Known[id].Technique).Distinct()];

    /// <summary>Names of the tactics, each once.</summary>
    public static IReadOnlyList<string> Tactics(IEnumerable<string> ids) =>
        [.. ids.Where(Known.ContainsKey).SelectMany(id => Known[id].Tactics).Distinct()];

    private static Dictionary<string, (string, string[])> Read()
    {
        var known = new Dictionary<string, (string, string[])>(StringComparer.Ordinal);
        using var stream = typeof(MitreCatalogue).Assembly.GetManifestResourceStream("attack-techniques.txt")!;
        using var reader = new StreamReader(stream);
        var (parent, tactics) = (string.Empty, Array.Empty<string>());
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#'))
                continue;

            var words = line.Split(' ', line[0] == '.' ? 2 : 3);
            if (line[0] == '.')
            {
                known.Add(parent + words[0], (words[1], tactics));
                continue;
            }

            (parent, tactics) = (words[0], [.. words[1].Split(',').Select(t => TacticNames[t])]);
            known.Add(parent, (words[2], tactics));
        }

        return known;
    }
}
