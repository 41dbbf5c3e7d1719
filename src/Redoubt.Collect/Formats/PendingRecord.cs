using System.Buffers;

namespace Redoubt.Collect.Formats;

/// <summary>Lines that belong together, as far as they have been read.</summary>
/// <remarks>Kept in memory only: positions are those of whole records, so that after a restart its lines are read again. Threads: the reader thread.</remarks>
internal sealed class PendingRecord
{
    private readonly ArrayBufferWriter<byte> _text = new(256);

    /// <summary>Lines taken.</summary>
    internal int Lines { get; private set; }

    internal bool IsEmpty => Lines == 0;

    internal ReadOnlySpan<byte> Text => _text.WrittenSpan;

    /// <summary>Where its first line begins in the file.</summary>
    internal long Start { get; private set; }

    /// <summary>Just behind its last line.</summary>
    internal long End { get; private set; }

    /// <summary>When its first line arrived, Unix milliseconds.</summary>
    internal long Arrival { get; private set; }

    /// <summary>Time stamp of its last line.</summary>
    internal long GrewAt { get; private set; }

    /// <summary>Whether bytes were left out.</summary>
    internal bool IsTruncated { get; private set; }

    /// <summary>A line belongs to it; its text is added by <see cref="Append"/>.</summary>
    internal void Count(long start, long end, long arrival, long timestamp, bool truncated)
    {
        if (IsEmpty)
            (Start, Arrival) = (start, arrival);

        Lines++;
        (End, GrewAt) = (end, timestamp);
        IsTruncated |= truncated;
    }

    /// <summary>Adds text, up to a limit in bytes.</summary>
    internal void Append(ReadOnlySpan<byte> text, int limit)
    {
        var room = limit - _text.WrittenCount;
        if (text.Length > room)
        {
            IsTruncated = true;
            text = text[..Math.Max(room, 0)];
        }

        _text.Write(text);
    }

    internal void Clear()
    {
        _text.ResetWrittenCount();
        Lines = 0;
        IsTruncated = false;
    }
}
