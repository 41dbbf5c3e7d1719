using System.Text;
using Redoubt.Patterns;

namespace Redoubt.Tests.Patterns;

public class Pcre2PatternTests
{
    [Theory]
    [InlineData("Failed", "it failed", false)]
    [InlineData("(?i)Failed", "it failed", true)]
    [InlineData("^\\d+$", "123", true)]
    [InlineData("a.b", "a\nb", false)]
    [InlineData("", "", true)]
    [InlineData("^$", "", true)]
    [InlineData("(?|(a)|(b))\\K[[:alpha:]]++", "bcd", true)]
    public void Matches_bytes_without_options(string pattern, string text, bool wanted) =>
        Assert.Equal(wanted, Parse(pattern).IsMatch(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Groups_up_to_the_highest_that_took_part_are_reported()
    {
        var captures = new Capture[8];
        Assert.True(Parse("(a)?(b)(c)?").TryMatch("xb"u8, captures, out var count, out var next));
        Assert.Equal(2, count);
        Assert.False(captures[0].IsSet);
        Assert.Equal(new Capture(1, 1), captures[1]);
        Assert.Equal(2, next);
    }

    [Fact]
    public void A_bad_pattern_is_refused_with_the_librarys_reason()
    {
        Assert.Null(Pcre2Pattern.Parse("a(b"u8, out var problem));
        Assert.Contains("parenthesis", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pattern_that_explodes_is_given_up_and_counted()
    {
        var pattern = Parse("^(a+)+$");
        Assert.False(pattern.IsMatch(Encoding.ASCII.GetBytes(new string('a', 5_000) + "b")));
        Assert.Equal(1, pattern.LimitHits);
    }

    [Fact]
    public void Any_bytes_are_text()
    {
        Assert.True(Parse("\\xff\\x00").IsMatch([0xff, 0x00]));
        Assert.True(Parse("b").IsMatch("a\0b"u8));
    }

    [Fact]
    public void Several_threads_can_use_one_pattern()
    {
        var pattern = Parse("user=(\\w+)");
        Parallel.For(
            0,
            2_000,
            i =>
            {
                var captures = new Capture[1];
                var text = Encoding.ASCII.GetBytes($"user=u{i} ");
                Assert.True(pattern.TryMatch(text, captures, out _, out _));
                Assert.Equal($"u{i}", Encoding.ASCII.GetString(text, captures[0].Start, captures[0].Length));
            }
        );
    }

    private static Pcre2Pattern Parse(string pattern) =>
        Pcre2Pattern.Parse(Encoding.UTF8.GetBytes(pattern), out var problem) ?? throw new InvalidOperationException(problem);
}
