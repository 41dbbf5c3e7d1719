using System.Globalization;
using System.Text;

namespace Redoubt.Lab;

/// <summary>A log file of numbered lines that is rotated while it is written.</summary>
/// <remarks>Each log has a way of rotation of its own, as it has on a host: where both meet on one file, a copy can be made and truncated of a
/// content that nobody has seen, and nothing tells it from another file's. Writes and rotations take turns, so that nothing can come between the copy and the truncation of <c>copytruncate</c>.
/// Threads: safe.</remarks>
internal sealed class NumberedLog
{
    /// <summary>What stands before the number.</summary>
    internal const string Marker = "this is the line of number ";

    // More than an agent can be behind: a rotated file that is deleted unread would be lost by its nature.
    private const int Kept = 40;

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly string _path;
    private readonly Func<int> _nextNumber;
    private readonly Random _random;

    /// <param name="path">The file; made empty.</param>
    /// <param name="nextNumber">Numbers the lines.</param>
    /// <param name="seed">Of the sizes of the writes.</param>
    internal NumberedLog(string path, Func<int> nextNumber, int seed)
    {
        _path = path;
        _nextNumber = nextNumber;
        _random = new Random(seed);
        File.WriteAllBytes(path, []);
    }

    /// <summary>Appends a random number of lines, sometimes with two writes of which the first ends within a line.</summary>
    /// <param name="most">At most so many.</param>
    internal Task AppendAsync(int most) =>
        InTurnAsync(async () =>
        {
            const int largestWrite = 200;
            var bytes = Lines(_random.Next(1, Math.Min(most, largestWrite) + 1));
            await using var stream = new FileStream(_path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            var cut = _random.Next(bytes.Length);
            await stream.WriteAsync(bytes.AsMemory(0, cut));
            await stream.WriteAsync(bytes.AsMemory(cut));
        });

    /// <summary>Renames the log and makes a new one.</summary>
    internal Task RenameAsync() =>
        InTurnAsync(() =>
        {
            ShiftRotated();
            File.Move(_path, Rotated(1));
            File.WriteAllBytes(_path, []);
            return Task.CompletedTask;
        });

    /// <summary>Copies the log and truncates it.</summary>
    internal Task CopyAndTruncateAsync() =>
        InTurnAsync(async () =>
        {
            ShiftRotated();
            File.Copy(_path, Rotated(1));
            await using var stream = new FileStream(_path, FileMode.Truncate, FileAccess.Write, FileShare.ReadWrite);
        });

    private async Task InTurnAsync(Func<Task> work)
    {
        await _turn.WaitAsync();
        try
        {
            await work();
        }
        finally
        {
            _turn.Release();
        }
    }

    private byte[] Lines(int count)
    {
        var text = new StringBuilder();
        var time = TimeProvider.System.GetLocalNow();
        for (var i = 0; i < count; i++)
            text.Append(
                CultureInfo.InvariantCulture,
                $"{time:MMM} {time.Day, 2} {time:HH:mm:ss} agent numbered[1]: {Marker}{_nextNumber()}\n"
            );

        return Encoding.ASCII.GetBytes(text.ToString());
    }

    private void ShiftRotated()
    {
        File.Delete(Rotated(Kept));
        for (var i = Kept - 1; i >= 1; i--)
        {
            if (File.Exists(Rotated(i)))
                File.Move(Rotated(i), Rotated(i + 1));
        }
    }

    private string Rotated(int number) => string.Create(CultureInfo.InvariantCulture, $"{_path}.{number}");
}
