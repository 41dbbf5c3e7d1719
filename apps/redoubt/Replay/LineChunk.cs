namespace Redoubt.App.Replay;

/// <summary>Some lines that follow one another in one file, used again and again.</summary>
/// <remarks>Threads: not safe.</remarks>
internal sealed class LineChunk
{
    /// <summary>Most lines of a chunk.</summary>
    internal const int MaxLines = 256;

    private readonly int[] _starts = new int[MaxLines];
    private readonly int[] _lengths = new int[MaxLines];
    private byte[] _bytes = new byte[64 * 1024];
    private int _used;

    /// <summary>Lines in it.</summary>
    internal int Count { get; private set; }

    /// <summary>Bytes of text in it.</summary>
    internal int Bytes => _used;

    /// <summary>Whether no further line is taken.</summary>
    internal bool IsFull => Count == MaxLines || _used >= 64 * 1024;

    /// <summary>Where the lines come from.</summary>
    internal string Location { get; private set; } = string.Empty;

    /// <summary>Whether these are the first lines of a file.</summary>
    internal bool StartsFile { get; private set; }

    internal void Start(string location, bool startsFile)
    {
        (_used, Count) = (0, 0);
        (Location, StartsFile) = (location, startsFile);
    }

    internal void Add(ReadOnlySpan<byte> line)
    {
        if (_used + line.Length > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _used + line.Length));

        line.CopyTo(_bytes.AsSpan(_used));
        (_starts[Count], _lengths[Count]) = (_used, line.Length);
        Count++;
        _used += line.Length;
    }

    /// <summary>The n-th line.</summary>
    internal ReadOnlySpan<byte> Line(int index) => _bytes.AsSpan(_starts[index], _lengths[index]);
}
