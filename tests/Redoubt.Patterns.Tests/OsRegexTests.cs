using System.Text;
using Redoubt.Patterns;

namespace Redoubt.Tests.Patterns;

public class OsRegexTests
{
    [Theory]
    [InlineData("^Failed \\S+ for (\\S+) from (\\S+) port \\d+", "Failed password for root from 192.0.2.7 port 22 ssh2", "root|192.0.2.7")]
    [InlineData("user=(\\w+)", "USER=Bob-1 x", "Bob-1")]
    [InlineData("a(\\d*)b", "ab", "")]
    [InlineData("^(\\w+):|^(\\d+)$", "77", "77")]
    [InlineData("\\(uid=(\\d+)\\)", "login(uid=0)", "0")]
    [InlineData("\\<(\\.+)>", "x <a b> y", "a b")]
    [InlineData("(\\w+)$", "last word", "word")]
    public void Captures_what_the_groups_hold(string pattern, string text, string wanted)
    {
        var regex = Parse(pattern);
        var captures = new Capture[8];
        var bytes = Encoding.UTF8.GetBytes(text);
        Assert.True(regex.TryMatch(bytes, captures, out var count, out _));
        Assert.Equal(wanted, string.Join('|', captures.Take(count).Select(c => Encoding.UTF8.GetString(bytes, c.Start, c.Length))));
    }

    [Theory]
    [InlineData("\\S+:x", "a::x", false)]
    [InlineData("\\w+\\d\\s", "a1x", true)]
    [InlineData("(\\w+)(\\d+)", "ab12", false)]
    [InlineData("^\\d+$", "123", true)]
    [InlineData("^\\d+$", "123a", false)]
    [InlineData("\\d*\\w*", "!!", true)]
    [InlineData("a.c", "abc", false)]
    [InlineData("a.c", "a.c", true)]
    [InlineData("a+", "a+", true)]
    [InlineData("a^b$c", "a^b$c", true)]
    [InlineData("x|^y$", "y", true)]
    [InlineData("x|^y$", "zy", false)]
    [InlineData("abab c", "ababab c", true)]
    public void Answers_as_the_original_machine_even_where_that_is_odd(string pattern, string text, bool wanted) =>
        Assert.Equal(wanted, Parse(pattern).IsMatch(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("(a|b)")]
    [InlineData("((a))")]
    [InlineData("a)")]
    [InlineData("(a")]
    [InlineData("a\\")]
    [InlineData("a\\q")]
    [InlineData("^abc\\*d")]
    public void Refuses_bad_patterns_with_a_reason(string pattern)
    {
        Assert.Null(OsRegex.Parse(Encoding.UTF8.GetBytes(pattern), out var problem));
        Assert.False(string.IsNullOrEmpty(problem));
    }

    [Fact]
    public void A_trailing_quantifier_reports_an_end_one_byte_too_far()
    {
        Assert.True(Parse("^login:\\s+").TryFindEnd("login:  bob"u8, out var next));
        Assert.Equal(9, next);
        Assert.True(Parse("^login:").TryFindEnd("login:  bob"u8, out next));
        Assert.Equal(6, next);
    }

    [Theory]
    [InlineData("Failed \\S+ for", "failed ")]
    [InlineData("\\d+ok|no", "ok,no")]
    [InlineData("\\w+", "")]
    [InlineData("\\d\\sx", "")]
    [InlineData("\\d+x", "x")]
    [InlineData("\\w:\\d+%|\\d+:(\\s+)%", "%,%")]
    [InlineData("\\w=\\d:", "=")]
    public void Names_the_texts_without_which_it_cannot_match(string pattern, string wanted) =>
        Assert.Equal(wanted, string.Join(',', Parse(pattern).RequiredTexts.Select(Encoding.UTF8.GetString)));

    [Fact]
    public void Random_patterns_on_random_texts_never_throw_and_keep_their_promises()
    {
        var random = new Random(7);
        const string Alphabet = "\\\\\\\\wdsSDp.()+*|^$ab1 :<";
        var captures = new Capture[8];
        var compiled = 0;
        for (var i = 0; i < 200_000; i++)
        {
            var pattern = Encoding.ASCII.GetBytes(RandomText(random, Alphabet, 10));
            if (OsRegex.Parse(pattern, out _) is not { } regex)
                continue;

            compiled++;
            var text = Encoding.ASCII.GetBytes(RandomText(random, "ab1 :<(", 12));
            var matches = regex.TryMatch(text, captures, out var count, out var next);
            Assert.InRange(next, 0, text.Length);
            foreach (var capture in captures.AsSpan(0, count))
                Assert.InRange(capture.Start + capture.Length, 0, text.Length);

            var lowered = AsciiFold.ToLower(text);
            Assert.Equal(regex.IsMatch(text), regex.IsMatch(lowered));
            if (matches && regex.RequiredTexts.Count > 0)
                Assert.Contains(regex.RequiredTexts, required => lowered.AsSpan().IndexOf(required) >= 0);
        }

        Assert.InRange(compiled, 1_000, 200_000);
    }

    [Fact]
    public void Random_patterns_answer_as_the_plain_machine_does()
    {
        var random = new Random(11);
        var compared = 0;
        for (var i = 0; i < 100_000; i++)
        {
            var pattern = ReferenceOsRegex.RandomPattern(random);
            if (OsRegex.Parse(Encoding.ASCII.GetBytes(pattern), out _) is not { } regex)
                continue;

            var reference = new ReferenceOsRegex(pattern);
            for (var n = 0; n < 5; n++)
            {
                compared++;
                var text = RandomText(random, "aab11 :(-", 12);
                var bytes = Encoding.ASCII.GetBytes(text);
                var wanted = reference.IsMatch(text);
                Assert.True(wanted == regex.TryFindEnd(bytes, out var next), $"'{pattern}' on '{text}' should be {wanted}");
                if (wanted)
                    Assert.Equal(Math.Min(reference.End + 1, text.Length), next);
            }
        }

        Assert.InRange(compared, 100_000, 500_000);
    }

    [Fact]
    public void A_hostile_line_of_a_megabyte_is_answered()
    {
        var text = new byte[1 << 20];
        Array.Fill(text, (byte)'a');
        Assert.False(Parse("(\\S+)\\s*:(\\S+)\\s*:(\\w+) x").IsMatch(text));
        Assert.False(Parse("aaaaaaaaab").IsMatch(text));
    }

    private static OsRegex Parse(string pattern) =>
        OsRegex.Parse(Encoding.UTF8.GetBytes(pattern), out var problem) ?? throw new InvalidOperationException(problem);

    private static string RandomText(Random random, string alphabet, int maxLength) =>
        string.Create(
            random.Next(maxLength + 1),
            (random, alphabet),
            static (span, state) =>
            {
                foreach (ref var c in span)
                    c = state.alphabet[state.random.Next(state.alphabet.Length)];
            }
        );
}
