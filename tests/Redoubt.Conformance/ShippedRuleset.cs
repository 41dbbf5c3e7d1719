using System.Text;
using Redoubt.Engine;
using Redoubt.Model;

namespace Redoubt.Tests.Conformance;

/// <summary>Loads the conformance ruleset in the setting in which its expectations hold.</summary>
internal static class ShippedRuleset
{
    private static readonly string[] Lists =
    [
        "audit-keys",
        "amazon/aws-eventnames",
        "security-eventchannel",
        "malicious-ioc/malware-hashes",
        "malicious-ioc/malicious-ip",
        "malicious-ioc/malicious-domains",
    ];

    public static Ruleset? Load(Compatibility compatibility, DiagnosticBag diagnostics) =>
        Ruleset.Load(
            new RulesetSource
            {
                Decoders = Files(Folder("decoders", "*.xml"), Folder("etc", "local_decoder.xml"), Folder("testing", "test_*decoders.xml")),
                Rules =
                [
                    .. Files(Folder("rules", "*.xml"), Folder("etc", "local_rules.xml"), Folder("testing", "test_*rules.xml"))
                        .Where(f => f.Name != "0215-policy_rules.xml")
                        .Select(AdaptWindowsRoot),
                ],
                Lists = [.. Lists.Select(name => new RulesetFile("etc/lists/" + name, File.ReadAllBytes(Path("lists/" + name))))],
                Compatibility = compatibility,
            },
            diagnostics
        );

    // The expectations give Windows events as plain JSON lines.
    private static RulesetFile AdaptWindowsRoot(RulesetFile file)
    {
        var text = Encoding.UTF8.GetString(file.Content);
        var start = text.IndexOf("<rule id=\"60000\"", StringComparison.Ordinal);
        if (start < 0)
            return file;

        var end = text.IndexOf("</rule>", start, StringComparison.Ordinal);
        var rule = text[start..end]
            .Replace("<category>ossec</category>", string.Empty, StringComparison.Ordinal)
            .Replace("<decoded_as>windows_eventchannel</decoded_as>", "<decoded_as>json</decoded_as>", StringComparison.Ordinal);
        return file with { Content = Encoding.UTF8.GetBytes(text[..start] + rule + text[end..]) };
    }

    private static string Path(string relative) => ConformanceData.Path("wazuh-4.14.7", relative);

    private static string[] Folder(string folder, string pattern) => Directory.GetFiles(Path(folder), pattern);

    private static List<RulesetFile> Files(params string[][] paths) =>
        [
            .. paths
                .SelectMany(p => p)
                .OrderBy(System.IO.Path.GetFileName, StringComparer.Ordinal)
                .Select(path => new RulesetFile(System.IO.Path.GetFileName(path), File.ReadAllBytes(path))),
        ];
}
