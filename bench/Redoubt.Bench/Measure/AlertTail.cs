using System.Diagnostics;
using Microsoft.Win32.SafeHandles;
using Redoubt.Lab;

namespace Redoubt.Bench.Measure;

/// <summary>Waits for texts in a file of alerts, and says when they came.</summary>
/// <remarks>Looks again and again with a pause of 50 us: what is measured is shorter than any notice.</remarks>
internal sealed class AlertTail(string path) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly byte[] _buffer = new byte[1 << 20];
    private SafeFileHandle? _file;
    private long _offset;
    private int _kept;

    /// <summary>Waits until the file holds the text, from where the last wait ended.</summary>
    /// <returns>When it was seen, a time stamp of <see cref="Stopwatch"/>.</returns>
    /// <exception cref="TimeoutException">It did not come.</exception>
    public long WaitFor(ReadOnlySpan<byte> text)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var count = Read();
            if (_buffer.AsSpan(0, _kept + count).IndexOf(text) is >= 0 and var found)
            {
                var seen = Stopwatch.GetTimestamp();
                Keep(_kept + count, _kept + count - found - text.Length);
                return seen;
            }

            Keep(_kept + count, Math.Min(_kept + count, text.Length - 1));
            if (count == 0)
                Native.SleepMicroseconds(50);
            if (Stopwatch.GetElapsedTime(started) > Patience)
                throw new TimeoutException($"What was waited for did not come into {path}");
        }
    }

    public void Dispose() => _file?.Dispose();

    private int Read()
    {
        if (_file is null && File.Exists(path))
            _file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (_file is null)
            return 0;

        var count = RandomAccess.Read(_file, _buffer.AsSpan(_kept), _offset);
        _offset += count;
        return count;
    }

    // What may be the beginning of the next text stays.
    private void Keep(int filled, int length)
    {
        _buffer.AsSpan(filled - length, length).CopyTo(_buffer);
        _kept = length;
    }
}
