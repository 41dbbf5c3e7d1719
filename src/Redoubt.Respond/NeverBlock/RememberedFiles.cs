namespace Redoubt.Respond.NeverBlock;

/// <summary>What some files say, read again only when one of them has changed.</summary>
/// <remarks>Cost of a question: one look at each file's properties, about 1 us. A file that changed less than a second ago is read at every
/// question: its next change might show no other time. Threads: not safe.</remarks>
/// <typeparam name="T">What is made of them.</typeparam>
internal sealed class RememberedFiles<T>(Func<IReadOnlyList<string>> paths, Func<T> read, TimeProvider time)
    where T : class
{
    private const long SettledSeconds = 1;

    private readonly List<(string Path, Stamp Stamp)> seen = [];
    private T? current;

    /// <summary>What they say now.</summary>
    /// <exception cref="IOException">One is there but cannot be read.</exception>
    internal T Current
    {
        get
        {
            if (current is not null && IsSame())
                return current;

            // Properties first: a change while reading is then noticed at the next question.
            seen.Clear();
            foreach (var path in paths())
                seen.Add((path, Stamp.Of(path)));
            return current = read();
        }
    }

    private bool IsSame()
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        foreach (var (path, stamp) in seen)
        {
            if (stamp.ChangedSeconds > now - SettledSeconds - 1 || Stamp.Of(path) != stamp)
                return false;
        }

        return true;
    }

    private readonly record struct Stamp(ulong Inode, ulong Size, long ChangedSeconds, uint ChangedNanoseconds)
    {
        internal static Stamp Of(string path) =>
            PosixFile.LookBehindLinks(path) is { } status
                ? new Stamp(status.Inode, status.Size, status.ChangedSeconds, status.ChangedNanoseconds)
                : default;
    }
}
