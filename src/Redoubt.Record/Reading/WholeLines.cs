namespace Redoubt.Record;

/// <summary>Cuts a stream into lines; what has no newline yet waits for the next call.</summary>
internal sealed class WholeLines(Stream stream)
{
    private readonly byte[] _chunk = new byte[64 * 1024];
    private readonly List<byte> _rest = [];

    /// <summary>Forgets what waits.</summary>
    internal void Clear() => _rest.Clear();

    /// <summary>Lines up to the end that the stream has now, without their newlines.</summary>
    internal IEnumerable<byte[]> ReadToEnd()
    {
        for (var read = stream.Read(_chunk); read > 0; read = stream.Read(_chunk))
        {
            var start = 0;
            for (var length = LengthOfLine(start, read); length >= 0; length = LengthOfLine(start, read))
            {
                _rest.AddRange(_chunk.AsSpan(start, length));
                start += length + 1;
                var line = _rest.ToArray();
                _rest.Clear();
                yield return line;
            }

            _rest.AddRange(_chunk.AsSpan(start, read - start));
        }
    }

    private int LengthOfLine(int start, int end) => _chunk.AsSpan(start, end - start).IndexOf((byte)'\n');
}
