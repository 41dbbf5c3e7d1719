using System.Text;

namespace Redoubt.App.Rules.Testing;

/// <summary>Texts that a client could choose so that a third party is taken for the source of a message; endless, and always the same for the same seed.</summary>
/// <remarks>Made of the message's own words, the victim's address in every spelling, separators, and what confuses readers: quotes, control bytes, digits.
/// No newline: what cuts a line is the daemon's business (ruleset/tests/hostile has some). Threads: not safe.</remarks>
internal sealed class HostileTexts
{
    private const int MaxPieces = 7;
    private const int LongText = 4_000;

    private static readonly string[] Common =
    [
        " ",
        "  ",
        "",
        "x",
        "root",
        "-",
        ":",
        ";",
        ",",
        ".",
        "=",
        "\"",
        "'",
        "`",
        "\\",
        "/",
        "|",
        "(",
        ")",
        "[",
        "]",
        "<",
        ">",
        "{",
        "}",
        "\t",
        "\r",
        "\0",
        "\x1b[31m",
        "\u202e",
        "é",
        "%s",
        "%00",
        "$(id)",
        "22",
        "port 22",
        " from ",
        " by ",
        "from=",
        "rhost=",
        "user=",
        "client=",
        "srcip=",
        "rip=",
        "ip=",
        "[preauth]",
        "ssh2",
        "HTTP/1.1",
        "failed",
        "error",
        "denied",
        "Accepted password for root",
    ];

    private readonly Random _random;
    private readonly string[] _pieces;

    /// <param name="message">The message whose words are imitated.</param>
    /// <param name="victim">The third party.</param>
    /// <param name="seed">Which of the many rows of texts.</param>
    internal HostileTexts(HostileMessage message, string victim, int seed)
    {
        _random = new Random(seed);
        var imitations = message.Imitations(victim).ToArray();
        _pieces =
        [
            .. Common,
            victim,
            victim,
            victim,
            $"[{victim}]",
            $"({victim})",
            $"<{victim}>",
            $"{victim}:22",
            $"[{victim}]:22",
            $"{victim}.",
            victim.Contains('.', StringComparison.Ordinal) ? $"::ffff:{victim}" : victim.ToUpperInvariant(),
            .. imitations,
            .. imitations.SelectMany(i => i.Split(' ', StringSplitOptions.RemoveEmptyEntries)),
        ];
    }

    /// <summary>The next text.</summary>
    internal string Next()
    {
        var text = new StringBuilder();
        for (var pieces = _random.Next(1, MaxPieces + 1); pieces > 0; pieces--)
        {
            text.Append(_pieces[_random.Next(_pieces.Length)]);
            if (_random.Next(2) == 0)
                text.Append(' ');
        }

        // Now and then so long that a daemon's own words stand far from where they usually do.
        if (_random.Next(200) == 0)
            text.Insert(
                _random.Next(2) == 0 ? 0 : text.Length,
                string.Concat(Enumerable.Repeat(_pieces[_random.Next(_pieces.Length)], 50))
            );

        return text.Length > LongText ? text.ToString(0, LongText) : text.ToString();
    }
}
