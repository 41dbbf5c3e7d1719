using System.Text;

namespace Redoubt.Bench.Measure;

/// <summary>Plain work on the same lines with nothing of ours in it: cut lines, search each for twenty texts. Costs are given as multiples of it.</summary>
internal sealed class Yardstick : Lane, IDisposable
{
    private static readonly byte[][] Texts = Array.ConvertAll(
        (
            "Failed password|Accepted|Invalid user|authentication failure|session opened|session closed|Connection closed|"
            + "Received disconnect|error: maximum|Did not receive|reject:|status=sent|UFW BLOCK|COMMAND=|segfault|Out of memory|"
            + "wp-login|HTTP/1.1|removed|daemon started"
        ).Split('|'),
        Encoding.ASCII.GetBytes
    );

    private readonly LineSource _lines;

    public Yardstick(CorpusFile corpus)
        : base("yardstick") => _lines = new LineSource(corpus.Path);

    /// <summary>Texts found.</summary>
    public long Found { get; private set; }

    public override void Run(int lines)
    {
        for (; lines > 0 && _lines.TryRead(out var line); lines--)
            Found += Search(line);
    }

    /// <summary>How many of the texts stand in a line.</summary>
    public static int Search(ReadOnlySpan<byte> line)
    {
        var found = 0;
        foreach (var text in Texts)
            found += line.IndexOf(text) >= 0 ? 1 : 0;

        return found;
    }

    public void Dispose() => _lines.Dispose();
}
