using System.Text;
using Redoubt.Patterns;

namespace Redoubt.Tests.Hostile;

/// <summary>Every pattern dialect: broken patterns, on texts that fit them nearly.</summary>
public class PatternTests
{
    private const int Patterns = 30_000;

    private static readonly byte[][] GoodPatterns = Array.ConvertAll(
        [
            "^Failed \\S+ for (\\S+) from (\\S+) port \\d+",
            "user=(\\w+)|user: (\\w+)$",
            "\\(uid=(\\d+)\\)",
            "^\\.+\\s\\p*\\D\\W+x",
            "!^a|b$|^c$",
            "(?i)^get (?<path>[^?\\s]+)(\\?.*)?$",
            "(?:(a+)+|b{1,3}?)*c(?=d)(?!e)\\Q.\\E",
            "10.0.0.0/8",
            "2001:db8::/33",
            "192.0.2.0/255.255.255.0",
        ],
        Encoding.UTF8.GetBytes
    );

    private static readonly byte[][] Texts = Array.ConvertAll(
        [
            "Failed password for root from 192.0.2.7 port 22 ssh2",
            "user=bob (uid=0) user: x",
            "GET /index.html?a=b",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac",
            "10.1.2.3",
            "",
        ],
        Encoding.UTF8.GetBytes
    );

    [Fact]
    public void Osmatch()
    {
        Run(
            21,
            (pattern, text) =>
            {
                if (OsMatch.Parse(pattern, out var problem) is not { } match)
                    return problem is not null;

                Assert.Equal(match.IsMatch(text), match.IsMatchLowered(AsciiFold.ToLower(text)));
                new WordMatch(pattern).IsMatch(text);
                return true;
            }
        );
    }

    [Fact]
    public void Osregex()
    {
        var captures = new Capture[16];
        Run(
            22,
            (pattern, text) =>
            {
                if (OsRegex.Parse(pattern, out var problem) is not { } regex)
                    return problem is not null;

                regex.TryMatch(text, captures, out var count, out var next);
                AssertInside(captures.AsSpan(0, count), next, text);
                regex.TryFindEnd(text, out next);
                AssertInside([], next, text);

                // What a caller sorts out by the first byte must not be a match.
                if (text.Length > 0 && !regex.MayBeginWith(text[0]))
                    Assert.False(regex.IsMatch(text));

                return true;
            }
        );
    }

    [Fact]
    public void Pcre2()
    {
        var captures = new Capture[16];
        Run(
            23,
            (pattern, text) =>
            {
                if (Pcre2Pattern.Parse(pattern, out var problem) is not { } regex)
                    return problem is not null;

                if (regex.TryMatch(text, captures, out var count, out var next))
                    AssertInside(captures.AsSpan(0, count), next, text);

                return true;
            },
            Patterns / 3
        );
    }

    /// <summary>Patterns that begin with a run are compiled with a look behind in front; an empty group in front keeps that away.</summary>
    [Fact]
    public void A_leading_run_changes_no_answer()
    {
        string[] runs = ["[^%]+", "[a-c]*", "\\S+", "\\w*", ".+", "\\d+", "\\W+"];
        string[] forms = ["{0}", "({0})", "({0})?"];
        string[] tails = ["%", "a", "(b)?c", "\\d(\\w)", "%(b|c)", "\\s$", ""];
        var random = new Random(25);
        for (var i = 0; i < 60_000; i++)
        {
            var form = string.Format(
                System.Globalization.CultureInfo.InvariantCulture,
                forms[random.Next(3)],
                runs[random.Next(runs.Length)]
            );
            var pattern = form + tails[random.Next(tails.Length)];
            var guarded = Pcre2Pattern.Parse(Encoding.ASCII.GetBytes(pattern), out _)!;
            var plain = Pcre2Pattern.Parse(Encoding.ASCII.GetBytes("(?:)" + pattern), out _)!;
            var text = Encoding.ASCII.GetBytes(new string([.. Enumerable.Range(0, random.Next(12)).Select(_ => "ab%c1 "[random.Next(6)])]));
            var (one, other) = (new Capture[4], new Capture[4]);
            var wanted = plain.TryMatch(text, other, out var otherCount, out var otherNext);
            Assert.True(
                wanted == guarded.TryMatch(text, one, out var count, out var next),
                $"'{pattern}' on '{Encoding.ASCII.GetString(text)}'"
            );
            Assert.Equal((otherCount, otherNext), (count, next));
            Assert.Equal(other, one);
        }
    }

    [Fact]
    public void Addresses()
    {
        Run(
            24,
            (pattern, text) =>
            {
                if (AddressRange.TryParse(pattern, out var range) && AddressRange.TryReadAddress(text, out var address, out var isIPv6))
                    range.Contains(address, isIPv6);

                return true;
            }
        );
    }

    private static void Run(int seed, Func<byte[], byte[], bool> answers, int patterns = Patterns)
    {
        var mutator = new Mutator(seed);
        for (var i = 0; i < patterns; i++)
        {
            var pattern = mutator.Next(GoodPatterns);
            var text = mutator.Number(2) == 0 ? mutator.Next(Texts) : Texts[mutator.Number(Texts.Length)];
            Assert.True(answers(pattern, text), $"'{Encoding.Latin1.GetString(pattern)}' was refused without a reason");
        }
    }

    private static void AssertInside(ReadOnlySpan<Capture> captures, int next, byte[] text)
    {
        Assert.InRange(next, 0, text.Length);
        foreach (var capture in captures)
        {
            if (capture.IsSet)
                Assert.InRange(capture.Start, 0, text.Length - capture.Length);
        }
    }
}
