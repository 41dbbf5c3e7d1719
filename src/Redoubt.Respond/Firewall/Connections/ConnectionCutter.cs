using System.Threading.Channels;
using Redoubt.Model;

namespace Redoubt.Respond.Firewall.Connections;

/// <summary>Ends what a freshly blocked target still has open.</summary>
/// <remarks>
/// Works beside the blocks: the target is dropped already, so nothing waits for it. Targets that come while it works are done together
/// in one pass over the kernel's tables, so a burst of blocks does not cost a pass each. Best effort: a failure is a word in the result.
/// Threads: safe. The sockets belong to the network namespace of the thread that made it.
/// </remarks>
internal sealed class ConnectionCutter : IAsyncDisposable
{
    private readonly Channel<(BlockTarget Target, TaskCompletionSource<CutResult> Done)> waiting = Channel.CreateUnbounded<(
        BlockTarget,
        TaskCompletionSource<CutResult>
    )>(new UnboundedChannelOptions { SingleReader = true });

    // In a burst at most a fifth of one processor goes into passes; a pass walks the whole table of sockets, of all namespaces.
    private const int PauseFactor = 4;
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(50);

    private readonly TimeProvider time;
    private readonly SocketDestroyer sockets = new();
    private readonly ConnectionTracking tracking = new();
    private readonly Task working;

    internal ConnectionCutter(TimeProvider time)
    {
        this.time = time;
        working = Task.Run(WorkAsync);
    }

    /// <summary>Ends the open connections of a target.</summary>
    internal Task<CutResult> CutAsync(BlockTarget target)
    {
        // What follows is putting an answer into a queue: it may run on this thread, and a burst needs no thread for each.
        var done = new TaskCompletionSource<CutResult>();
        return waiting.Writer.TryWrite((target, done)) ? done.Task : Task.FromResult(new CutResult(0, 0, "the enforcer is ending"));
    }

    /// <summary>Finishes what waits, then ends.</summary>
    public async ValueTask DisposeAsync()
    {
        waiting.Writer.TryComplete();
        await working.ConfigureAwait(false);
        sockets.Dispose();
        tracking.Dispose();
    }

    private async Task WorkAsync()
    {
        var taken = new List<(BlockTarget Target, TaskCompletionSource<CutResult> Done)>();
        while (await waiting.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            taken.Clear();
            while (waiting.Reader.TryRead(out var next))
                taken.Add(next);

            var started = time.GetTimestamp();
            try
            {
                Cut(taken);
            }
            catch (Exception e)
            {
                // A bug here must not take later blocks' results with it; the result says what happened.
                foreach (var (_, done) in taken)
                    done.TrySetResult(new CutResult(0, 0, $"open connections were not ended: {e.Message}"));
            }

            // A single block never waits for this; in a burst more targets share the next pass.
            if (waiting.Reader.TryPeek(out _))
                await Task.Delay(PauseAfter(time.GetElapsedTime(started)), time).ConfigureAwait(false);
        }
    }

    private static TimeSpan PauseAfter(TimeSpan pass) => pass * PauseFactor < LongestPause ? pass * PauseFactor : LongestPause;

    private void Cut(List<(BlockTarget Target, TaskCompletionSource<CutResult> Done)> taken)
    {
        var targets = taken.ConvertAll(t => t.Target);
        var match = new TargetMatch(targets);
        var closed = new int[targets.Count];
        var forgotten = new int[targets.Count];
        var trouble = sockets.End(match, closed);
        trouble = tracking.Forget(match, forgotten) ?? trouble;
        for (var i = 0; i < taken.Count; i++)
            taken[i].Done.TrySetResult(new CutResult(closed[i], forgotten[i], trouble));
    }
}
