using System.Net.Sockets;

namespace Redoubt.Respond;

/// <summary>Cuts the bytes of a stream socket into lines of bounded length.</summary>
/// <remarks>Memory: one buffer that grows up to the limit and shrinks back when it has been emptied. Threads: one reader.</remarks>
internal sealed class LineReader(Socket socket, int maxLineBytes)
{
    private const int UsualBytes = 16 * 1024;

    private byte[] buffer = new byte[UsualBytes];
    private int start;
    private int end;

    // Where the search for the newline goes on, so that a long line is looked at once.
    private int searched;
    private bool skipping;

    /// <summary>How reading a line ended.</summary>
    internal enum Result
    {
        /// <summary>A whole line.</summary>
        Line,

        /// <summary>A line over the limit; it has been thrown away up to its newline.</summary>
        TooLong,

        /// <summary>The other side has closed; an unfinished line is dropped.</summary>
        End,
    }

    /// <summary>The last line read, without its newline; valid until the next call of <see cref="ReadAsync"/>.</summary>
    internal ReadOnlyMemory<byte> Line { get; private set; }

    /// <summary>Reads the next line.</summary>
    /// <exception cref="SocketException">The connection broke.</exception>
    internal async ValueTask<Result> ReadAsync(CancellationToken cancellation)
    {
        Line = default;
        while (true)
        {
            var newline = buffer.AsSpan(searched, end - searched).IndexOf((byte)'\n');
            if (newline >= 0)
                return Take(searched + newline);

            searched = end;
            if (skipping || end - start > maxLineBytes)
            {
                skipping = true;
                start = end = searched = 0;
            }

            MakeRoom();
            var received = await socket.ReceiveAsync(buffer.AsMemory(end), SocketFlags.None, cancellation).ConfigureAwait(false);
            if (received == 0)
                return Result.End;

            end += received;
        }
    }

    private Result Take(int newline)
    {
        var line = buffer.AsMemory(start, newline - start);
        start = searched = newline + 1;
        var tooLong = skipping || line.Length > maxLineBytes;
        skipping = false;
        if (tooLong)
            return Result.TooLong;

        Line = line;
        return Result.Line;
    }

    private void MakeRoom()
    {
        if (start == end)
        {
            start = end = searched = 0;
            if (buffer.Length > UsualBytes)
                buffer = new byte[UsualBytes];
            return;
        }

        if (end < buffer.Length)
            return;

        var held = end - start;
        var target = held > buffer.Length / 2 ? new byte[Math.Min(buffer.Length * 2, maxLineBytes + UsualBytes)] : buffer;
        buffer.AsSpan(start, held).CopyTo(target);
        buffer = target;
        searched -= start;
        (start, end) = (0, held);
    }
}
