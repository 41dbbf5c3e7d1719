using System.Buffers.Text;

namespace Redoubt.Collect.Syslog;

/// <summary>Cuts the bytes of one connection into messages: by a count in front of each, or by lines.</summary>
/// <remarks>Source: RFC 6587; RFC 5425, where there are counts only. Memory: one longest message. Threads: those of its connection.</remarks>
internal sealed class SyslogFraming(int maxLineBytes, bool countsOnly)
{
    private const int MaxCountDigits = 7;
    private const long UpToNewline = -1;

    private readonly byte[] _buffer = new byte[maxLineBytes + MaxCountDigits + 1];
    private int _filled;
    private long _toSkip;

    /// <summary>Whether something stands where a count must, so that nothing behind it can be told apart.</summary>
    internal bool IsBroken { get; private set; }

    /// <summary>Where the next bytes go; never empty after <see cref="TryCut"/> has said that there is no more.</summary>
    internal Memory<byte> Room => _buffer.AsMemory(_filled);

    internal void Filled(int count) => _filled += count;

    /// <summary>Takes one message off the front; it may be empty. One that is too long is cut, and its rest passed over.</summary>
    internal bool TryCut(out ReadOnlySpan<byte> message)
    {
        message = default;
        if (_toSkip != 0 && !TrySkip())
            return false;

        var bytes = _buffer.AsSpan(0, _filled);
        var (header, length) = CountOf(bytes);
        if (header > 0)
            return TryCutCounted(bytes, header, length, out message);

        if (countsOnly)
        {
            // No count, and not the beginning of one either.
            IsBroken = _filled > MaxCountDigits || bytes.IndexOfAnyExceptInRange((byte)'0', (byte)'9') >= 0 || bytes.StartsWith("0"u8);
            return false;
        }

        var end = bytes.IndexOf((byte)'\n');
        if (end >= 0)
        {
            message = Take(end, end + 1);
            return true;
        }

        if (_filled < _buffer.Length)
            return false;

        message = Take(maxLineBytes, _filled);
        _toSkip = UpToNewline;
        return true;
    }

    /// <summary>What is left when the sender has ended: without counts, the line that it has not ended.</summary>
    internal ReadOnlySpan<byte> Rest => countsOnly || _toSkip != 0 ? default : _buffer.AsSpan(0, _filled);

    // "123 <34>…"; where there may be lines too, a number that is the line's own text is told by what follows.
    private (int Header, long Length) CountOf(ReadOnlySpan<byte> bytes)
    {
        var blank = bytes[..Math.Min(bytes.Length, MaxCountDigits + 1)].IndexOf((byte)' ');
        if (blank <= 0 || !IsCountBefore(bytes, blank) || (!countsOnly && (blank + 1 >= bytes.Length || bytes[blank + 1] != (byte)'<')))
            return (0, 0);

        return Utf8Parser.TryParse(bytes[..blank], out long length, out _) && length > 0 ? (blank + 1, length) : (0, 0);
    }

    private static bool IsCountBefore(ReadOnlySpan<byte> bytes, int end) =>
        end > 0 && bytes[end] == (byte)' ' && bytes[0] != (byte)'0' && bytes[..end].IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0;

    private bool TryCutCounted(ReadOnlySpan<byte> bytes, int header, long length, out ReadOnlySpan<byte> message)
    {
        var kept = (int)Math.Min(length, maxLineBytes);
        message = default;
        if (bytes.Length < header + kept)
            return false;

        Take(0, header);
        message = Take(kept, kept);
        _toSkip = length - kept;
        return true;
    }

    // False while there is nothing behind what is passed over.
    private bool TrySkip()
    {
        var newline = _buffer.AsSpan(0, _filled).IndexOf((byte)'\n');
        if (_toSkip == UpToNewline)
        {
            _toSkip = newline < 0 ? UpToNewline : 0;
            Take(0, newline < 0 ? _filled : newline + 1);
        }
        else
        {
            var count = (int)Math.Min(_toSkip, _filled);
            _toSkip -= count;
            Take(0, count);
        }

        return _filled > 0;
    }

    // The copy is the message's own: what follows moves to the front at once.
    private byte[] Take(int length, int drop)
    {
        var taken = _buffer.AsSpan(0, length).ToArray();
        _buffer.AsSpan(drop, _filled - drop).CopyTo(_buffer);
        _filled -= drop;
        return taken;
    }
}
