using System.IO.Compression;
using System.Text;
using Redoubt.Record;

namespace Redoubt.Tests.Record.Reading;

public class DayRecordsTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void From_any_line_on_an_open_and_a_compressed_day_give_the_same(bool compressed)
    {
        using var box = new LogsBox();
        string[] lines = ["one", new('x', 100_000), string.Empty, "Zoë", .. Enumerable.Range(0, 20_000).Select(i => $"line {i}")];
        var day = Day(box, string.Concat(lines.Select(l => l + "\n")), compressed);
        using var all = new DayRecords(day, 0);
        var read = Rest(all);

        Assert.Equal(lines, read.Select(r => Encoding.UTF8.GetString(r.Line)));
        foreach (var from in (int[])[1, 2, 3, 4, 10_000, lines.Length - 1])
        {
            using var rest = new DayRecords(day, read[from].Start);
            Assert.Equal(read.Skip(from).Select(r => r.Start), Rest(rest).Select(r => r.Start));
            Assert.Equal(all.Position, rest.Position);
        }
    }

    [Fact]
    public void A_line_that_is_half_written_waits_and_a_place_behind_the_end_gives_nothing()
    {
        using var box = new LogsBox();
        var day = Day(box, "one\ntw", compressed: false);
        using var records = new DayRecords(day, 0);
        Assert.Single(Rest(records));
        Assert.Equal(4, records.Position);

        File.AppendAllText(day.Path, "o\n");
        Assert.Equal("two", Encoding.UTF8.GetString(Assert.Single(Rest(records)).Line));

        using var behind = new DayRecords(Day(box, "one\n", compressed: true), 1000);
        Assert.Empty(Rest(behind));
    }

    private static DayFile Day(LogsBox box, string text, bool compressed)
    {
        var day = new DayFile(box.PathOf("day.json"), new DateOnly(2026, 7, 1));
        File.Delete(day.Path);
        if (!compressed)
        {
            File.WriteAllText(day.Path, text);
            return day;
        }

        using var zip = new GZipStream(File.Create(day.Compressed), CompressionLevel.Fastest);
        zip.Write(Encoding.UTF8.GetBytes(text));
        return day;
    }

    private static List<(long Start, byte[] Line)> Rest(DayRecords records)
    {
        var rest = new List<(long Start, byte[] Line)>();
        while (records.TryRead(out var record))
            rest.Add(record);

        return rest;
    }
}
