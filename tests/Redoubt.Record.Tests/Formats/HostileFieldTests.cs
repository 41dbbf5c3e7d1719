using System.Text.Json;
using Redoubt.Model;

namespace Redoubt.Tests.Record;

/// <summary>Names and values as clients can type them: random bytes and pieces that mean something to JSON or to the records.</summary>
public class HostileFieldTests
{
    private static readonly byte[][] Pieces =
    [
        "."u8.ToArray(),
        "a"u8.ToArray(),
        "b.c"u8.ToArray(),
        "\""u8.ToArray(),
        "\\"u8.ToArray(),
        "["u8.ToArray(),
        "]"u8.ToArray(),
        ","u8.ToArray(),
        "1"u8.ToArray(),
        "{"u8.ToArray(),
        "}"u8.ToArray(),
        ":"u8.ToArray(),
        "\n"u8.ToArray(),
        "\r\n\n** Alert 1.1:"u8.ToArray(),
        "\\ud800"u8.ToArray(),
        [0],
        [0xFF],
        [0xC3],
        [0xED, 0xA0, 0x80],
        "\u2028"u8.ToArray(),
        "é"u8.ToArray(),
    ];

    [Fact]
    public void Every_record_is_one_line_of_JSON_and_one_alert()
    {
        var random = new Random(7);
        for (var round = 0; round < 3000; round++)
        {
            var fields = Enumerable
                .Range(0, random.Next(6))
                .Select(_ => new AlertField(
                    System.Text.Encoding.UTF8.GetString(Text(random)),
                    Text(random),
                    random.Next(2) == 0,
                    random.Next(2) == 0,
                    false
                ));
            var alert = Samples.Plain with { FullLog = [(byte)'x', .. Text(random, lines: false)], Fields = [.. fields] };

            var json = Samples.Json.Format(alert);
            var text = Samples.Text.FormatAlert(alert);

            Assert.True(json.AsSpan().IndexOfAny((byte)'\n', (byte)'\r') < 0, $"round {round}");
            using var read = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 200 });
            Assert.Equal("1782900930.0", read.RootElement.GetProperty("id").GetString());
            Assert.True(text.AsSpan(1).IndexOf("\n** Alert"u8) < 0 && text.AsSpan().IndexOf("\n\n"u8) == text.Length - 2, $"round {round}");
        }
    }

    private static byte[] Text(Random random, bool lines = true) =>
        [
            .. Enumerable
                .Range(0, random.Next(1, 8))
                .SelectMany(_ => Pieces[random.Next(Pieces.Length)])
                .Where(c => lines || c is not ((byte)'\n' or (byte)'\r')),
        ];
}
