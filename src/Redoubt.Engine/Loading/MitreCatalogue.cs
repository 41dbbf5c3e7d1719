namespace Redoubt.Engine.Loading;

/// <summary>Names of the ATT&amp;CK techniques that our own rules refer to, and the tactics they serve.</summary>
/// <remarks>Alerts of other techniques have the id alone. Source: MITRE ATT&amp;CK for Enterprise; © The MITRE Corporation, reproduced
/// with its permission.</remarks>
internal static class MitreCatalogue
{
    private static readonly Dictionary<string, (string Technique, string[] Tactics)> Known = new(StringComparer.Ordinal)
    {
        ["T1021"] = ("Remote Services", ["Lateral Movement"]),
        ["T1021.004"] = ("SSH", ["Lateral Movement"]),
        ["T1046"] = ("Network Service Discovery", ["Discovery"]),
        ["T1068"] = ("Exploitation for Privilege Escalation", ["Privilege Escalation"]),
        ["T1078"] = ("Valid Accounts", ["Defense Evasion", "Persistence", "Privilege Escalation", "Initial Access"]),
        ["T1095"] = ("Non-Application Layer Protocol", ["Command and Control"]),
        ["T1098"] = ("Account Manipulation", ["Persistence"]),
        ["T1110"] = ("Brute Force", ["Credential Access"]),
        ["T1110.001"] = ("Password Guessing", ["Credential Access"]),
        ["T1190"] = ("Exploit Public-Facing Application", ["Initial Access"]),
        ["T1210"] = ("Exploitation of Remote Services", ["Lateral Movement"]),
        ["T1548.003"] = ("Sudo and Sudo Caching", ["Privilege Escalation", "Defense Evasion"]),
    };

    /// <summary>Names of the techniques, in the order of the ids; unknown ones are left out.</summary>
    public static IReadOnlyList<string> Techniques(IEnumerable<string> ids) =>
        [.. ids.Where(Known.ContainsKey).Select(id => Known[id].Technique).Distinct()];

    /// <summary>Names of the tactics, each once.</summary>
    public static IReadOnlyList<string> Tactics(IEnumerable<string> ids) =>
        [.. ids.Where(Known.ContainsKey).SelectMany(id => Known[id].Tactics).Distinct()];
}
