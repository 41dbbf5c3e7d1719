using System.IO.Compression;
using System.Text;
using Redoubt.App.Replay;

namespace Redoubt.Tests.Tools.Replay;

public class ReplayInputTests : TemporaryFolder
{
    [Theory]
    [InlineData("", new string[0])]
    [InlineData("a", new[] { "a" })]
    [InlineData("a\nb\n", new[] { "a", "b" })]
    [InlineData("a\r\n\r\nb", new[] { "a", "", "b" })]
    [InlineData("\n\n", new[] { "", "" })]
    public void Lines_are_cut_at_newlines(string text, string[] expected) => Assert.Equal(expected, Read(Write("log", text)));

    [Fact]
    public void Many_lines_come_whole_and_in_order()
    {
        var expected = Enumerable.Range(0, 30_000).Select(i => new string((char)('a' + (i % 26)), i % 300)).ToArray();

        Assert.Equal(expected, Read(Write("log", string.Join('\n', expected) + "\n")));
    }

    [Theory]
    [InlineData(65_534, 0)]
    [InlineData(65_535, 0)]
    [InlineData(65_536, 1)]
    [InlineData(3_000_000, 1)]
    public void A_long_line_is_cut_and_the_next_one_is_whole(int length, int cut)
    {
        using var input = new ReplayInput([Write("log", "before\n" + new string('x', length) + "\nafter\n")], null);

        var lines = Read(input);

        Assert.Equal(["before", "after"], [lines[0], lines[2]]);
        Assert.Equal(Math.Min(length, ReplayInput.MaxLineBytes), lines[1].Length);
        Assert.Equal(3, lines.Count);
        Assert.Equal(cut, input.Truncated);
    }

    [Fact]
    public void A_file_packed_by_gzip_is_unpacked()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write("a\nb\n"u8);

        Assert.Equal(["a", "b"], Read(Write("log.gz", packed.ToArray())));
    }

    [Fact]
    public void Files_come_one_after_the_other_under_their_own_names()
    {
        var (first, second) = (Write("1", "a"), Write("2", "b\n"));
        using var input = new ReplayInput([first, second], null);
        var chunk = new LineChunk();

        Assert.True(input.Next(chunk));
        Assert.Equal((first, true), (chunk.Location, chunk.StartsFile));
        Assert.True(input.Next(chunk));
        Assert.Equal((second, true), (chunk.Location, chunk.StartsFile));
        Assert.False(input.Next(chunk));
    }

    private static List<string> Read(string file)
    {
        using var input = new ReplayInput([file], null);
        return Read(input);
    }

    private static List<string> Read(ReplayInput input)
    {
        var chunk = new LineChunk();
        var lines = new List<string>();
        while (input.Next(chunk))
        {
            for (var i = 0; i < chunk.Count; i++)
                lines.Add(Encoding.UTF8.GetString(chunk.Line(i)));
        }

        return lines;
    }
}
