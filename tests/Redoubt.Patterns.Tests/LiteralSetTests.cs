using System.Text;
using Redoubt.Patterns;

namespace Redoubt.Tests.Patterns;

public class LiteralSetTests
{
    [Theory]
    [InlineData("failed password for root", "failed|root")]
    [InlineData("abc", "abc")]
    [InlineData("ab", "")]
    [InlineData("", "")]
    [InlineData("xxfailexx", "")]
    [InlineData("failed", "failed")]
    public void Finds_the_literals_that_stand_in_a_text(string text, string wanted)
    {
        var set = new LiteralSet();
        string[] literals = ["failed", "root", "abc", "password from"];
        foreach (var literal in literals)
            set.Add(Encoding.ASCII.GetBytes(literal));

        set.Freeze();
        Assert.Equal(wanted, string.Join('|', Found(set, text).Select(n => literals[n])));
    }

    [Fact]
    public void Random_texts_give_what_single_searches_give()
    {
        var random = new Random(5);
        for (var round = 0; round < 50; round++)
        {
            var set = new LiteralSet();
            var literals = Enumerable.Range(0, 200).Select(_ => RandomText(random, random.Next(3, 8))).Distinct().ToList();
            foreach (var literal in literals)
                set.Add(Encoding.ASCII.GetBytes(literal));

            set.Freeze();
            for (var i = 0; i < 50; i++)
            {
                var text = RandomText(random, random.Next(0, 60));
                var wanted = Enumerable.Range(0, literals.Count).Where(n => text.Contains(literals[n], StringComparison.Ordinal));
                Assert.Equal(wanted, Found(set, text));
            }
        }
    }

    [Fact]
    public void The_same_literal_twice_has_one_number()
    {
        var set = new LiteralSet();
        Assert.Equal(set.Add("abc"u8.ToArray()), set.Add("abc"u8.ToArray()));
        Assert.Equal(1, set.Count);
        Assert.Throws<ArgumentOutOfRangeException>(() => set.Add("ab"u8.ToArray()));
    }

    private static List<int> Found(LiteralSet set, string text)
    {
        var present = new ulong[set.WordCount];
        Array.Fill(present, ulong.MaxValue);
        set.Scan(Encoding.ASCII.GetBytes(text), present);
        return [.. Enumerable.Range(0, set.Count).Where(n => LiteralSet.ContainsAny(present, [n]))];
    }

    private static string RandomText(Random random, int length) =>
        string.Create(
            length,
            random,
            static (span, r) =>
            {
                foreach (ref var c in span)
                    c = (char)('a' + r.Next(4));
            }
        );
}
