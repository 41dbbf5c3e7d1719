using System.Text;
using System.Text.RegularExpressions;
using Redoubt.Patterns;

namespace Redoubt.Tests.Patterns;

/// <summary>Whether a group stands in one place, whatever a line says.</summary>
public sealed class PatternShapeTests
{
    private const string Address = @"(\d{1,3}(?:\.\d{1,3}){3})";

    [Theory]
    // From the left: nothing, literals, words that end where they must.
    [InlineData(@"\Afrom " + Address, 1)]
    [InlineData(@"\A\d+ from " + Address, 1)]
    [InlineData(@"\A(\S+) from " + Address, 2)]
    [InlineData(@"\A""(?:[^""\\]|\\.)*"" " + Address, 1)]
    [InlineData(@"\A(?:\[\d+\] )?from " + Address, 1)]
    [InlineData(@"\A(?:(?!ip=)\w+=\S* )*ip=" + Address, 1)]
    // From the right: the text of a client stands before.
    [InlineData(@"(?s)\Auser (.*) from " + Address + @" port \d+\z", 2)]
    [InlineData(@" from " + Address + "$", 1)]
    [InlineData(@"(?s)\A(?>a|ab) .* from " + Address + @"(?: port \d{1,5})?(?: ssh2)?\s*\z", 1)]
    // On both sides: the words by the address stand there once.
    [InlineData(@"(?s)\A(?!.* from .* from )user (.*) from " + Address + " .*", 2)]
    [InlineData(@"(?s)\A(?:(?!, client: )[^""])*, client: " + Address, 1)]
    [InlineData(@"(?i)\AFROM (?-i)" + Address, 1)]
    // A mapped address and the address in it are the same.
    [InlineData(@"\A(?:::[Ff]{4}:)?([0-9a-f:.]+) ", 1)]
    // A pattern that never matches has no two readings.
    [InlineData(@"\A.*(?!)" + Address, 1)]
    public void A_group_that_can_stand_in_one_place_only_is_proven(string pattern, int group)
    {
        Assert.True(PatternShape.HasOnePlace([Pcre2(pattern)], group, out var line), Encoding.Latin1.GetString(line ?? "?"u8));
    }

    [Theory]
    [InlineData(@" from " + Address, 1)]
    [InlineData(@"\A.* from " + Address, 1)]
    [InlineData(@"\A.*? from " + Address + " port", 1)]
    [InlineData(@"\A(?:\S+ )?from " + Address + "|from " + Address, 2)]
    [InlineData(@"(?s)\A(?!.* from .* from )user (.*) (?:from|at) " + Address + " .*", 2)]
    [InlineData(@"\A(?:\w+=\S* )*ip=" + Address, 1)]
    [InlineData(@"(?s)\Auser .*(?: from " + Address + @")+\z", 1)]
    public void An_example_shows_how_a_line_can_be_read_in_two_ways(string pattern, int group)
    {
        Assert.False(PatternShape.HasOnePlace([Pcre2(pattern)], group, out var line));
        Assert.Matches(pattern, Encoding.Latin1.GetString(line!));
    }

    [Theory]
    [InlineData("^Unable to talk with (\\S+)", true)]
    [InlineData("^\\S+ from (\\S+) ", true)]
    [InlineData("^\\S+ from (\\S+)$", true)]
    [InlineData("from (\\S+) port", false)]
    [InlineData("^\\.+ from (\\S+) port", false)]
    [InlineData("^\\.+ from (\\S+)$", true)]
    [InlineData("^A (\\S+) |^B \\.+ (\\S+)$", true)]
    [InlineData("^a (\\S+) |^A b (\\S+) ", false)]
    public void Osregex_is_read_too(string pattern, bool isProven) =>
        Assert.Equal(isProven, PatternShape.HasOnePlace([PatternShape.OfOsRegex(Encoding.UTF8.GetBytes(pattern))!], 1, out _));

    [Theory]
    [InlineData(@"\ALogin .* failed: ", @"\A(\S+)\z", true)]
    [InlineData(@"\ALogin .* failed: ", @"\A(\S+) ", false)]
    [InlineData(@"\ALogin failed: ", @"\A(\S+) ", true)]
    [InlineData(@"\ALogin failed: ", @"(\S+) port", false)]
    public void A_pattern_goes_on_where_the_one_before_ended(string first, string second, bool isProven) =>
        Assert.Equal(isProven, PatternShape.HasOnePlace([Pcre2(first), Pcre2(second)], 1, out _));

    [Theory]
    [InlineData(@"(a)\1")]
    [InlineData(@"(?R)")]
    [InlineData(@"a\Kb")]
    [InlineData(@"(?(1)a|b)")]
    [InlineData(@"(*COMMIT)a")]
    [InlineData("(a")]
    [InlineData("a)")]
    [InlineData("[a")]
    [InlineData("*a")]
    [InlineData(@"a\")]
    public void A_pattern_that_is_not_understood_has_no_shape(string pattern) =>
        Assert.Null(PatternShape.OfPcre2(Encoding.UTF8.GetBytes(pattern)));

    [Fact]
    public void Deep_nesting_and_long_counts_are_refused_in_bounded_time()
    {
        Assert.Null(PatternShape.OfPcre2(Encoding.ASCII.GetBytes(new string('(', 5_000) + "a" + new string(')', 5_000))));
        Assert.False(PatternShape.HasOnePlace([Pcre2(@"\A(?:(?:(?:a{9,30}b){9,30}c){9,30}d){9,30}(e)")], 1, out var line));
        Assert.Null(line);
    }

    /// <summary>Small patterns made at random, and every short line: what is proven is read alike from the left and from the right.</summary>
    [Fact]
    public void What_is_proven_holds_for_every_short_line()
    {
        const int patterns = 3_000;
        var random = new Random(20261124);
        var lines = Lines("x 1", 6).ToList();
        var (proven, refuted) = (0, 0);
        for (var i = 0; i < patterns; i++)
        {
            var pattern = RandomPattern(random);
            var isProven = PatternShape.HasOnePlace([Pcre2(pattern)], 1, out var example);
            if (!isProven)
            {
                refuted++;
                Assert.True(example is null || Regex.IsMatch(Encoding.Latin1.GetString(example), pattern), pattern);
                continue;
            }

            proven++;
            var (left, right) = (new Regex(pattern), new Regex(pattern, RegexOptions.RightToLeft));
            foreach (var line in lines)
            {
                var (a, b) = (left.Match(line), right.Match(line));
                if (a.Success && b.Success && a.Groups[1].Success && b.Groups[1].Success)
                    Assert.True(IsSamePlace(line, a.Groups[1].Index, b.Groups[1].Index), $"{pattern} on '{line}'");
            }
        }

        Assert.True(proven > 100 && refuted > 100, $"{proven} proven, {refuted} refuted");
    }

    private static PatternShape Pcre2(string pattern) => PatternShape.OfPcre2(Encoding.UTF8.GetBytes(pattern))!;

    // "1" is a byte of addresses: beginnings inside one run of them are one place.
    private static bool IsSamePlace(string line, int first, int second) =>
        line[Math.Min(first, second)..Math.Max(first, second)].All(c => c == '1');

    private static IEnumerable<string> Lines(string letters, int longest) =>
        longest == 0
            ? [string.Empty]
            : Lines(letters, longest - 1).SelectMany(line => letters.Select(c => line + c)).Append(string.Empty).Distinct();

    private static string RandomPattern(Random random)
    {
        string[] parts = ["x", " ", "1", "[^ ]*", "[^ ]+", ".*", "x?", "(?:x |1)*", "(?: x)?", "(?!x 1)", "(?!.*x.* x)"];
        string Parts(int most) => string.Concat(Enumerable.Range(0, random.Next(most + 1)).Select(_ => parts[random.Next(parts.Length)]));
        return (random.Next(3) > 0 ? "^" : string.Empty) + Parts(3) + "(1+)" + Parts(2) + (random.Next(2) > 0 ? "\\z" : string.Empty);
    }
}
