namespace Redoubt.Engine.Correlate;

/// <summary>The last lines that may be shown as <c>previous_output</c>: a ring of bytes with a fixed upper size.</summary>
/// <remarks>Made of segments that are allocated when first needed. A line that was overwritten is missing from an alert's
/// previous lines and counted by the caller. Threads: not safe.</remarks>
internal sealed class LineRing
{
    private const int SegmentBytes = 1 << 20;

    private readonly byte[]?[] _segments;
    private long _next;

    /// <param name="maxBytes">Upper size; rounded up to whole segments of 1 MiB, at least two.</param>
    public LineRing(long maxBytes) => _segments = new byte[]?[Math.Max(2, (maxBytes + SegmentBytes - 1) / SegmentBytes)];

    /// <summary>Keeps a line.</summary>
    /// <returns>Its address, or -1 when it is longer than a segment.</returns>
    public long Add(ReadOnlySpan<byte> line)
    {
        if (line.Length > SegmentBytes)
            return -1;

        if ((_next % SegmentBytes) + line.Length > SegmentBytes)
            _next += SegmentBytes - (_next % SegmentBytes);

        var address = _next;
        var segment = _segments[SegmentOf(address)] ??= GC.AllocateUninitializedArray<byte>(SegmentBytes);
        line.CopyTo(segment.AsSpan((int)(address % SegmentBytes)));
        _next += line.Length;
        return address;
    }

    /// <summary>Gives a line back; false when it was overwritten.</summary>
    public bool TryGet(long address, int length, out ReadOnlySpan<byte> line)
    {
        line = default;

        // The segment being written to has lost its old content from its first byte on.
        var oldest = ((_next / SegmentBytes) - _segments.Length + 1) * SegmentBytes;
        if (address < 0 || address < oldest)
            return false;

        line = _segments[SegmentOf(address)].AsSpan((int)(address % SegmentBytes), length);
        return true;
    }

    private int SegmentOf(long address) => (int)(address / SegmentBytes % _segments.Length);
}
