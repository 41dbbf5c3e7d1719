using System.Text.RegularExpressions;

namespace Redoubt.Tests.Architecture;

/// <summary>Sizes and names of files: a reader finds a type by its file and reads a file in one sitting.</summary>
public partial class FileTests
{
    private const int Small = 80;
    private const int Usual = 250;
    private const int Large = 500;

    private static readonly string[] Folders = ["src", "apps", "lab", "bench"];

    [Fact]
    public void A_file_holds_one_public_type_and_carries_its_name_or_says_at_its_top_why_not()
    {
        var wrong = new List<string>();
        foreach (var file in Sources.Code(Folders))
        {
            var name = Path.GetFileName(file).Split('.')[0];
            var text = File.ReadAllText(file);
            if (SaysWhyTogether().IsMatch(text))
                continue;

            var types = PublicType().Matches(text).Select(m => m.Groups["name"].Value).Distinct().ToArray();
            if (types.Length > 1 || (types.Length == 1 && types[0] != name))
                wrong.Add($"{Sources.Relative(file)} holds {string.Join(", ", types)}.");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void Half_of_the_files_are_small_and_nine_in_ten_of_usual_size()
    {
        var sizes = Sources
            .Code(Folders)
            .Select(f => (File: Sources.Relative(f), Lines: File.ReadLines(f).Count()))
            .OrderBy(f => f.Lines)
            .ToArray();
        if (sizes.Length == 0)
            return;

        var median = sizes[sizes.Length / 2].Lines;
        var large = sizes.Where(f => f.Lines >= Usual).ToArray();
        Assert.True(median < Small, $"The median file has {median} lines; {Small} is the limit.");
        Assert.True(
            large.Length * 10 <= sizes.Length,
            $"{large.Length} of {sizes.Length} files have {Usual} lines or more:\n{string.Join('\n', large.Select(f => $"{f.Lines} {f.File}"))}"
        );
    }

    [Fact]
    public void A_file_of_more_than_500_lines_says_at_its_top_why()
    {
        var silent = Sources
            .Code(Folders)
            .Where(f => File.ReadLines(f).Count() > Large && !File.ReadLines(f).First().StartsWith("//", StringComparison.Ordinal))
            .Select(Sources.Relative);

        Assert.Empty(silent);
    }

    // "// … belong together, so they stand in one file." above the namespace.
    [GeneratedRegex(@"\A(?:using [^\n]*\n|\n)*(?://[^\n]*\n)*//[^\n]* one file\b", RegexOptions.CultureInvariant)]
    private static partial Regex SaysWhyTogether();

    // Types stand at the margin: namespaces are file-scoped. Nested types are indented and belong to their owner.
    [GeneratedRegex(
        @"^public (?:(?:static|sealed|abstract|partial|readonly|ref|unsafe) )*(?:class|record struct|record|struct|enum|interface|delegate [\w<>\[\]?]+) (?<name>\w+)",
        RegexOptions.Multiline | RegexOptions.CultureInvariant
    )]
    private static partial Regex PublicType();
}
