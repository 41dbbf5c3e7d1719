using System.Text;
using Redoubt.Collect;
using Redoubt.Model;

namespace Redoubt.Tests.Collect;

/// <summary>Remembers the lines it is given, can be made to block or refuse, and is waited on with a deadline.</summary>
internal sealed class LineSink : ICollectedLines, IDisposable
{
    internal static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly Lock _gate = new();
    private readonly List<Line> _lines = [];
    private readonly ManualResetEventSlim _arrived = new();
    private readonly ManualResetEventSlim _open = new(initialState: true);

    internal sealed record Line(
        string Text,
        string Location,
        string Key,
        FileIdentity File,
        long End,
        long Arrival,
        bool Truncated,
        int Pass,
        LineOrigin Origin = LineOrigin.Relayed,
        string? Writer = null
    );

    /// <summary>Asked before a line is taken, on the reader thread.</summary>
    internal Func<string, bool> Takes { get; set; } = static _ => true;

    /// <summary>Called after a line was taken, on the reader thread.</summary>
    internal Action<Line> Taken { get; set; } = static _ => { };

    internal Line[] All
    {
        get
        {
            lock (_gate)
                return [.. _lines];
        }
    }

    internal string[] Texts => [.. All.Select(line => line.Text)];

    public void Dispose()
    {
        _arrived.Dispose();
        _open.Dispose();
    }

    internal void Block() => _open.Reset();

    internal void Unblock() => _open.Set();

    public bool Receive(in CollectedLine line)
    {
        // Latin-1 keeps every byte apart.
        var copy = new Line(
            Encoding.Latin1.GetString(line.Text),
            line.Location,
            line.SourceKey,
            line.File,
            line.EndOffset,
            line.ArrivalUnixMilliseconds,
            line.Truncated,
            line.Pass,
            line.Origin,
            line.Writer
        );
        _open.Wait();
        if (!Takes(copy.Text))
            return false;
        lock (_gate)
            _lines.Add(copy);
        Taken(copy);
        _arrived.Set();
        return true;
    }

    /// <summary>Waits until that many lines were taken.</summary>
    internal Line[] WaitFor(int count)
    {
        WaitUntil(lines => lines >= count, $"{count} lines");
        return All;
    }

    /// <summary>Waits as <see cref="WaitFor(int)"/> does, while time passes: what a reader stamps after a line came is not known here.</summary>
    internal Line[] WaitFor(int count, Action timePasses)
    {
        WaitUntil(
            lines =>
            {
                timePasses();
                return lines >= count;
            },
            $"{count} lines",
            TimeSpan.FromMilliseconds(50)
        );
        return All;
    }

    internal void WaitUntil(Func<int, bool> isEnough, string what, TimeSpan? askAgain = null)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            _arrived.Reset();
            int count;
            lock (_gate)
                count = _lines.Count;
            if (isEnough(count))
                return;
            var hasArrived = _arrived.Wait(askAgain ?? Deadline);
            if ((!hasArrived && askAgain is null) || TimeProvider.System.GetElapsedTime(started) > Deadline)
                Assert.Fail($"Waited for {what}; {count} came, the last: {All.LastOrDefault()}");
        }
    }
}
