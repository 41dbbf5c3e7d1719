using System.Text;
using Redoubt.Patterns;

namespace Redoubt.Tests.Patterns;

public class OsMatchTests
{
    [Theory]
    [InlineData("failed", "PAM: Failed password", true)]
    [InlineData("FAILED", "failed", true)]
    [InlineData("^sshd$", "sshd", true)]
    [InlineData("^sshd$", "sshd-session", false)]
    [InlineData("^sshd", "sshd-session", true)]
    [InlineData("^sshd", "a sshd", false)]
    [InlineData("preauth]$", "closed [preauth]", true)]
    [InlineData("preauth]$", "closed [preauth] ", false)]
    [InlineData("one|two|three", "it is two", true)]
    [InlineData("one|two|three", "it is four", false)]
    [InlineData("!one|two", "two", false)]
    [InlineData("!one|two", "three", true)]
    [InlineData("a||b", "zzz", true)]
    [InlineData("", "anything", true)]
    [InlineData("", "", true)]
    [InlineData("^$", "", true)]
    [InlineData("^$", "x", false)]
    [InlineData("$", "x", true)]
    [InlineData("a\\b", "a\\b", true)]
    [InlineData("a\\|b", "a\\", true)]
    [InlineData("aab", "aaab", true)]
    [InlineData("d+", "ddd", false)]
    public void Matches_substrings_and_anchors(string pattern, string text, bool wanted)
    {
        var match = OsMatch.Parse(Encoding.UTF8.GetBytes(pattern), out _)!;
        var bytes = Encoding.UTF8.GetBytes(text);
        Assert.Equal(wanted, match.IsMatch(bytes));
        Assert.Equal(wanted, match.IsMatchLowered(AsciiFold.ToLower(bytes)));
    }

    [Fact]
    public void Case_folding_stops_at_ascii()
    {
        var match = OsMatch.Parse("\u00E9"u8, out _)!;
        Assert.True(match.IsMatch("caf\u00E9"u8));
        Assert.False(match.IsMatch("CAF\u00C9"u8));
    }

    [Fact]
    public void A_pattern_over_the_limit_is_refused_with_a_reason()
    {
        Assert.Null(OsMatch.Parse(new byte[OsMatch.MaxBytes + 1], out var problem));
        Assert.Contains("20480", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sshd|syslog", "^authentication_failed,sshd", true)]
    [InlineData("", "sshd", false)]
    [InlineData("sshd", "", false)]
    [InlineData("^", "", true)]
    [InlineData("^ssh", "sshd", true)]
    [InlineData("^ssh", "a,ssh", false)]
    [InlineData("shd$", "sshd", false)]
    public void The_group_search_knows_neither_negation_nor_an_end_anchor(string pattern, string text, bool wanted) =>
        Assert.Equal(wanted, new WordMatch(Encoding.UTF8.GetBytes(pattern)).IsMatch(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData(0)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(100)]
    public void Folding_to_lower_case_touches_only_A_to_Z(int length)
    {
        var text = new byte[length];
        for (var i = 0; i < length; i++)
            text[i] = (byte)(i * 7);

        var wanted = Array.ConvertAll(text, c => c is >= (byte)'A' and <= (byte)'Z' ? (byte)(c + 32) : c);
        Assert.Equal(wanted, AsciiFold.ToLower(text));
    }
}
