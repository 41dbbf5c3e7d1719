using System.Text.RegularExpressions;

namespace Redoubt.Tests.Architecture;

/// <summary>The reference of diagnostics is complete: whoever looks a code up finds it.</summary>
public partial class DiagnosticReferenceTests
{
    [Fact]
    public void Every_code_of_the_sources_stands_in_the_reference_and_no_other()
    {
        var used = Sources
            .Code("src", "apps")
            .SelectMany(f => CodeInSource().Matches(File.ReadAllText(f)))
            .Select(m => m.Groups["code"].Value)
            .ToHashSet(StringComparer.Ordinal);
        var documented = CodeInReference()
            .Matches(File.ReadAllText(Path.Combine(Sources.Root, "docs/reference/diagnostics.md")))
            .Select(m => m.Groups["code"].Value)
            .ToList();

        Assert.True(used.Count > 100, $"Expected many codes in the sources, found {used.Count}: has their form changed?");
        Assert.Equal(used.Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    [GeneratedRegex("\"(?<code>(?:FILE|RULE|DEC|LIST|XML|CONF)[0-9]{4})\"", RegexOptions.NonBacktracking)]
    private static partial Regex CodeInSource();

    [GeneratedRegex("^\\| (?<code>[A-Z]+[0-9]{4}) \\|", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex CodeInReference();
}
