using System.Text;
using Redoubt.Patterns;

namespace Redoubt.Tests.Patterns;

public class Pcre2RiskTests
{
    [Theory]
    [InlineData("(a+)+")]
    [InlineData("(a*)*b")]
    [InlineData("^(?:\\w+\\s?)*$")]
    [InlineData("(x|(?:[a-z]+)){2,}y")]
    [InlineData("((a+))+")]
    [InlineData("(?i)(?<word>\\S+)+ end")]
    [InlineData("(a+?)+")]
    [InlineData("(.*,?)*")]
    public void A_repeated_group_that_can_be_read_in_many_ways_is_found(string pattern) => Assert.True(Of(pattern));

    [Theory]
    [InlineData("")]
    [InlineData("a+b*c?")]
    [InlineData("(a+b)+")]
    [InlineData("(?:\\d+\\.)+\\d+")]
    [InlineData("(a++)+")]
    [InlineData("(?>a+)+")]
    [InlineData("(a+){1,3}")]
    [InlineData("(a+){3}")]
    [InlineData("(?:ab)+")]
    [InlineData("[(a+)+]+")]
    [InlineData("\\(a+\\)+")]
    [InlineData("\\Q(a+)+\\E")]
    [InlineData("(?=(a+))b+")]
    [InlineData("x{a}(b)")]
    [InlineData("(?#(a+)+)x")]
    public void Harmless_ones_are_not(string pattern) => Assert.False(Of(pattern));

    [Fact]
    public void Any_bytes_are_read_to_the_end()
    {
        var random = new Random(20261124);
        var letters = Encoding.ASCII.GetBytes("()[]{}|?*+\\^$.<>:=!,09aQEpx'#P");
        var found = 0;
        for (var i = 0; i < 200_000; i++)
        {
            var pattern = new byte[random.Next(24)];
            foreach (ref var letter in pattern.AsSpan())
                letter = letters[random.Next(letters.Length)];

            found += Pcre2Risk.IsExplosive(pattern) ? 1 : 0;
        }

        Assert.InRange(found, 1, 199_999);
    }

    [Fact]
    public void Groups_deeper_than_the_stack_are_given_up() => Assert.False(Of(new string('(', 100_000)));

    private static bool Of(string pattern) => Pcre2Risk.IsExplosive(Encoding.UTF8.GetBytes(pattern));
}
