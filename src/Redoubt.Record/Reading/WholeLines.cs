using System.Diagnostics.CodeAnalysis;

namespace Redoubt.Record;

/// <summary>Cuts a stream into lines; what has no newline yet waits for the next call.</summary>
internal sealed class WholeLines(Stream stream)
{
    private readonly byte[] _chunk = new byte[64 * 1024];
    private readonly List<byte> _rest = [];
    private int _start;
    private int _end;

    /// <summary>The next line without its newline; false when the stream has no whole one now.</summary>
    internal bool TryRead([NotNullWhen(true)] out byte[]? line)
    {
        while (true)
        {
            var unread = _chunk.AsSpan(_start, _end - _start);
            var length = unread.IndexOf((byte)'\n');
            if (length >= 0)
            {
                _rest.AddRange(unread[..length]);
                _start += length + 1;
                line = [.. _rest];
                _rest.Clear();
                return true;
            }

            _rest.AddRange(unread);
            (_start, _end) = (0, stream.Read(_chunk));
            if (_end > 0)
                continue;

            line = null;
            return false;
        }
    }
}
