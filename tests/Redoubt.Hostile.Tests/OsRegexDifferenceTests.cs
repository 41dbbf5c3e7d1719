using System.Text;
using Redoubt.Patterns;

namespace Redoubt.Tests.Hostile;

public class OsRegexDifferenceTests
{
    [Fact]
    public void The_fast_machine_answers_as_the_model_does_with_captures_and_ends()
    {
        var random = new Random(31);
        var captures = new Capture[16];
        var (compared, matched) = (0, 0);
        for (var i = 0; i < 60_000; i++)
        {
            var pattern = RandomPattern(random);
            if (OsRegex.Parse(Encoding.ASCII.GetBytes(pattern), out _) is not { } regex)
                continue;

            var model = new OsRegexModel(pattern);
            for (var n = 0; n < 5; n++)
            {
                compared++;
                var text = RandomText(random);
                var bytes = Encoding.ASCII.GetBytes(text);
                var wanted = model.Match(text, wantCaptures: true);
                var found = regex.TryMatch(bytes, captures, out var count, out var next);
                Assert.True(wanted is not null == found, $"'{pattern}' on '{text}' should be {wanted is not null}");

                var end = model.Match(text, wantCaptures: false);
                Assert.True(end is not null == regex.TryFindEnd(bytes, out var nextWithout), $"'{pattern}' on '{text}' without captures");
                if (end is not null)
                    Assert.Equal(end.Value.Next, nextWithout);

                if (wanted is null)
                    continue;

                matched++;
                Assert.Equal(wanted.Value.Next, next);
                var texts = captures.Take(count).Select(c => Encoding.ASCII.GetString(bytes, c.Start, c.Length));
                Assert.True(wanted.Value.Captures.SequenceEqual(texts), $"'{pattern}' on '{text}' should capture {string.Join(',', wanted.Value.Captures)}");
            }
        }

        Assert.InRange(compared, 60_000, 300_000);
        Assert.InRange(matched, 5_000, compared);
    }

    /// <summary>Where nothing is quantified there is nothing odd: the answer is that of trying every place.</summary>
    [Fact]
    public void Patterns_without_quantifiers_match_where_a_plain_search_finds_them()
    {
        var random = new Random(32);
        for (var i = 0; i < 60_000; i++)
        {
            var classes = Enumerable.Range(0, random.Next(1, 5)).Select(_ => random.Next(6)).ToArray();
            string[] pieces = ["\\d", "\\w", "a", "1", " ", "\\S"];
            Func<char, bool>[] tests =
            [
                char.IsAsciiDigit,
                c => char.IsAsciiLetterOrDigit(c) || c is '-' or '@' or '_',
                c => c is 'a' or 'A',
                c => c == '1',
                c => c == ' ',
                c => c != ' ',
            ];
            var pattern = string.Concat(classes.Select(c => pieces[c]));
            var text = RandomText(random);
            var wanted = Enumerable
                .Range(0, Math.Max(0, text.Length - classes.Length + 1))
                .Any(start => classes.Select((c, k) => tests[c](text[start + k])).All(holds => holds));
            var regex = OsRegex.Parse(Encoding.ASCII.GetBytes(pattern), out _)!;
            Assert.True(wanted == regex.IsMatch(Encoding.ASCII.GetBytes(text)), $"'{pattern}' on '{text}' should be {wanted}");
        }
    }

    private static string RandomPattern(Random random)
    {
        string[] pieces = ["\\d", "\\w", "\\s", "\\S", "\\.", "\\p", "\\D", "\\W", "\\(", "a", "b", "1", " ", ":", "ab", "11", "(", ")", "(", ")"];
        var text = new StringBuilder();
        for (var alternatives = random.Next(5) == 0 ? 2 : 1; alternatives > 0; alternatives--)
        {
            text.Append(random.Next(3) == 0 ? "^" : string.Empty);
            for (var count = random.Next(1, 9); count > 0; count--)
            {
                var piece = pieces[random.Next(pieces.Length)];
                text.Append(piece);
                if (piece.StartsWith('\\'))
                    text.Append(new[] { "+", "+", "*", string.Empty }[random.Next(4)]);
            }

            text.Append(random.Next(5) == 0 ? "$" : string.Empty).Append(alternatives > 1 ? "|" : string.Empty);
        }

        return text.ToString();
    }

    private static string RandomText(Random random) =>
        new([.. Enumerable.Range(0, random.Next(15)).Select(_ => "aabAb11 :(-"[random.Next(11)])]);
}
