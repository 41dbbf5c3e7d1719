using System.Text.RegularExpressions;

namespace Redoubt.Lab;

/// <summary>Lines as they arrive from a program, with a way to wait for one.</summary>
/// <remarks>Threads: safe. Memory: every line is kept; made for test runs.</remarks>
public sealed class LineLog
{
    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];
    private TaskCompletionSource _changed = NewSignal();
    private bool _ended;

    /// <summary>What has arrived so far.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lock)
                return [.. _lines];
        }
    }

    /// <summary>Waits for a line that the pattern finds something in; lines already there count, from <paramref name="first"/> on.</summary>
    /// <exception cref="TimeoutException">No such line in time, or the program ended without it; the message shows what came instead.</exception>
    public async Task<string> WaitForAsync(string pattern, TimeSpan within, int first = 0)
    {
        using var deadline = new CancellationTokenSource(within);
        var next = first;
        while (true)
        {
            Task changed;
            bool ended;
            lock (_lock)
            {
                for (; next < _lines.Count; next++)
                {
                    if (Regex.IsMatch(_lines[next], pattern, RegexOptions.NonBacktracking))
                        return _lines[next];
                }

                ended = _ended;
                changed = _changed.Task;
            }

            if (ended)
                throw new TimeoutException($"The program ended without a line matching '{pattern}'. Its output:\n{this}");

            try
            {
                await changed.WaitAsync(deadline.Token);
            }
            catch (OperationCanceledException exception)
            {
                throw new TimeoutException(
                    $"No line matching '{pattern}' within {within.TotalSeconds} s. Output so far:\n{this}",
                    exception
                );
            }
        }
    }

    /// <summary>All lines, for messages.</summary>
    public override string ToString() => string.Join('\n', Lines);

    internal void Add(string line) => Change(() => _lines.Add(line));

    internal void End() => Change(() => _ended = true);

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Change(Action change)
    {
        TaskCompletionSource signal;
        lock (_lock)
        {
            change();
            signal = _changed;
            _changed = NewSignal();
        }

        signal.SetResult();
    }
}
