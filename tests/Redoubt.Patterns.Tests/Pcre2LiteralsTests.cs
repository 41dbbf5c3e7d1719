using System.Text;
using Redoubt.Patterns;

namespace Redoubt.Tests.Patterns;

public sealed class Pcre2LiteralsTests
{
    [Theory]
    [InlineData(@"(?s)\AFailed password for ", "failed password for ")]
    [InlineData(
        @"\A(?:debug1: |error: )?channel \d+: (?:open failed: )?conn(?:ection|ect) failed: Connection refused",
        " failed: connection refused"
    )]
    [InlineData(@"(?i)thumb\.php\?(?:.*&)?src=[^ ]*\.php", "thumb.php?")]
    [InlineData(@"(?:alpha|beta)\d", "alpha,beta")]
    [InlineData(@"(?:alpha|b)\d", "")]
    [InlineData(@"(?:alpha|(?!))\d", "alpha")]
    [InlineData(@"(?:alpha|(?!)?)\d", "")]
    [InlineData(@"(?<user>root)@(?P<host>example)(?'x'\d)", "example")]
    [InlineData(@"abcd+efg?h", "abcd")]
    [InlineData(@"abc{0,3}def", "def")]
    [InlineData(@"abc{2}de", "abc")]
    [InlineData(@"(?:abcd)*ef", "")]
    [InlineData(@"(?=lookahead)abc(?!never)", "abc")]
    [InlineData(@"[]abc]xyz[^]]uvw[[:digit:]]end", "xyz")]
    [InlineData(@"[[:/]foo[a:]long text", "")]
    [InlineData(@"one\x41two\/three", "two/three")]
    [InlineData(@"\[error\] \(\d+\)", "[error] (")]
    [InlineData("", "")]
    [InlineData(@"(?x) a b c d", "")]
    [InlineData(@"abcd(?#comment)", "")]
    [InlineData(@"(abcd)\1", "")]
    [InlineData(@"\Qabc*\Edef", "")]
    [InlineData(@"[\c]]abcd", "")]
    [InlineData(@"[\Q]\E]abcd", "")]
    [InlineData(@"[\]]abcd", "abcd")]
    [InlineData(@"(?(?=a)abcd|efgh)", "")]
    [InlineData(@"(*UTF)abcd", "")]
    [InlineData(@"abc{,3}def", "")]
    [InlineData(@"(?|abcd|efgh)", "")]
    [InlineData(@"abcd\x{41}", "")]
    public void Names_texts_without_which_a_pattern_cannot_match(string pattern, string wanted) =>
        Assert.Equal(wanted, string.Join(',', Parse(pattern).RequiredTexts.Select(Encoding.Latin1.GetString)));

    [Fact]
    public void A_pattern_with_many_texts_or_deep_groups_is_searched_itself()
    {
        Assert.Empty(Parse(string.Join('|', Enumerable.Range(1000, 25))).RequiredTexts);
        Assert.Empty(Parse(new string('(', 60) + "abcd" + new string(')', 60)).RequiredTexts);
    }

    [Fact]
    public void What_random_patterns_match_holds_one_of_their_texts()
    {
        var random = new Random(11);
        string[] parts =
        [
            "ab",
            "abc",
            "BCA",
            "cab",
            "(",
            "(?:",
            ")",
            ")",
            ")?",
            ")*",
            ")+",
            "|",
            "[ab]",
            "[^c]",
            "[]a]",
            ".",
            "+",
            "*",
            "?",
            "{2}",
            "{0,2}",
            "{1,}",
        ];
        string[] marks =
        [
            @"\A",
            @"\z",
            @"\b",
            @"\w",
            @"\.",
            "(?i)",
            "(?=",
            "(?!",
            "(?<=",
            "(?<x>",
            "(?!)",
            @"\x61",
            "[[:alpha:]]",
            "{",
            "}",
            "]",
        ];
        var (compiled, named, held) = (0, 0, 0);
        for (var i = 0; i < 150_000; i++)
        {
            var text = new StringBuilder();
            for (var n = random.Next(1, 9); n > 0; n--)
                text.Append(random.Next(4) == 0 ? marks[random.Next(marks.Length)] : parts[random.Next(parts.Length)]);

            if (Pcre2Pattern.Parse(Encoding.ASCII.GetBytes(text.ToString()), out _) is not { } pattern)
                continue;

            compiled++;
            if (pattern.RequiredTexts.Count == 0)
                continue;

            named++;
            for (var n = 0; n < 16; n++)
            {
                var line = new byte[random.Next(3, 14)];
                for (var at = 0; at < line.Length; at++)
                    line[at] = "abcabcABC. "u8[random.Next(11)];

                if (!pattern.IsMatch(line))
                    continue;

                held++;
                var lowered = AsciiFold.ToLower(line);
                Assert.True(
                    pattern.RequiredTexts.Any(required => lowered.AsSpan().IndexOf(required) >= 0),
                    $"{text} matches {Encoding.ASCII.GetString(line)} without {string.Join(',', pattern.RequiredTexts.Select(Encoding.ASCII.GetString))}"
                );
            }
        }

        Assert.True(compiled > 10_000 && named > 5_000 && held > 500, $"{compiled} compiled, {named} with texts, {held} matches");
    }

    private static Pcre2Pattern Parse(string pattern)
    {
        var parsed = Pcre2Pattern.Parse(Encoding.Latin1.GetBytes(pattern), out var problem);
        Assert.True(parsed is not null, problem);
        return parsed;
    }
}
