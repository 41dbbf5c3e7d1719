namespace Redoubt.Engine;

/// <summary>Lets several threads of the caller analyse the lines of one feed, with exactly the answers of one thread.</summary>
/// <remarks>
/// Each thread takes a batch of lines, prepares it, waits for the batches before it to be concluded, concludes its own, makes what is wanted
/// of the results, and hands that over, again in order. Nothing waits but for an earlier batch. Memory: about 30 KiB for each of the
/// 64 lines of a thread's batch. Threads: <see cref="Work"/> is called by each of the caller's threads; there are none of its own.
/// </remarks>
/// <typeparam name="T">What is made of a line, such as an alert; null for nothing.</typeparam>
/// <param name="engine">Concludes all lines; nobody else may use it meanwhile.</param>
/// <param name="options">The engine's options.</param>
/// <param name="feed">The lines.</param>
/// <param name="make">Makes something of a result; called by all threads at a time.</param>
/// <param name="give">Receives what was made, in order of arrival; called by one thread at a time.</param>
public sealed class ParallelAnalysis<T>(
    AnalysisEngine engine,
    EngineOptions options,
    ILineFeed feed,
    Func<AnalysisResult, T?> make,
    Action<T?> give
)
    where T : class
{
    private const int LinesPerBatch = 64;

    private readonly Lock _taking = new();
    private readonly Turns _concluding = new();
    private readonly Turns _giving = new();
    private long _batches;
    private bool _isOver;

    /// <summary>Works until the feed has no more lines.</summary>
    /// <exception cref="InvalidOperationException">Another thread failed; its own exception says why.</exception>
    public void Work()
    {
        try
        {
            WorkInTurns();
        }
        catch
        {
            // The others would wait for this thread's turn for ever.
            _concluding.Break();
            _giving.Break();
            throw;
        }
    }

    private void WorkInTurns()
    {
        var preparer = new LinePreparer(engine.Ruleset, options);
        var lines = new PreparedLine[LinesPerBatch];
        foreach (ref var line in lines.AsSpan())
            line = new PreparedLine(engine.Ruleset, options);

        var made = new T?[LinesPerBatch];
        while (Take(preparer, lines, out var batch) is var count and > 0)
        {
            for (var i = 0; i < count; i++)
                preparer.Prepare(lines[i]);

            _concluding.Wait(batch);
            for (var i = 0; i < count; i++)
                engine.Conclude(lines[i]).Detach();

            _concluding.Next();
            for (var i = 0; i < count; i++)
                made[i] = make(lines[i].Result);

            _giving.Wait(batch);
            for (var i = 0; i < count; i++)
                give(made[i]);

            _giving.Next();
        }
    }

    private int Take(LinePreparer preparer, PreparedLine[] lines, out long batch)
    {
        var count = 0;
        lock (_taking)
        {
            while (!_isOver && count < lines.Length)
            {
                if (feed.TryRead(out var line))
                    preparer.Take(in line, lines[count++]);
                else
                    _isOver = true;
            }

            batch = count > 0 ? _batches++ : _batches;
        }

        return count;
    }

    /// <summary>Lets threads through one after the other, in the order of their numbers.</summary>
    private sealed class Turns
    {
        private readonly object _gate = new();
        private long _turn;
        private bool _isBroken;

        public void Wait(long number)
        {
            lock (_gate)
            {
                while (_turn != number && !_isBroken)
                    Monitor.Wait(_gate);

                if (_isBroken)
                    throw new InvalidOperationException("Another thread of this analysis failed.");
            }
        }

        public void Next()
        {
            lock (_gate)
            {
                _turn++;
                Monitor.PulseAll(_gate);
            }
        }

        public void Break()
        {
            lock (_gate)
            {
                _isBroken = true;
                Monitor.PulseAll(_gate);
            }
        }
    }
}
