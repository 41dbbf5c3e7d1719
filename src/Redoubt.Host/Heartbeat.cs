using Microsoft.Extensions.Logging;

namespace Redoubt.Host;

/// <summary>Tells systemd that this process goes on, as long as each of its loops has gone round since it was told the last time.</summary>
/// <remarks>A loop that hangs is told in the program log at once, and ends the heartbeat: systemd then ends the process and starts it anew.
/// Without systemd it is only told. Threads: one task runs it.</remarks>
public sealed class Heartbeat
{
    private static readonly TimeSpan PeriodWithoutWatchdog = TimeSpan.FromSeconds(30);

    private readonly ServiceNotice _notice;
    private readonly IReadOnlyList<LoopPulse> _loops;
    private readonly Func<string> _status;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly long[] _turns;
    private readonly TimeSpan _period;
    private bool _isHung;

    /// <param name="notice">Who is told.</param>
    /// <param name="loops">What must go round.</param>
    /// <param name="status">How it goes, one line.</param>
    /// <param name="time">Clock.</param>
    /// <param name="log">Program log.</param>
    public Heartbeat(ServiceNotice notice, IReadOnlyList<LoopPulse> loops, Func<string> status, TimeProvider time, ILogger log)
    {
        (_notice, _loops, _status, _time, _log) = (notice, loops, status, time, log);
        _turns = new long[loops.Count];
        // Half of what systemd waits: one notice may come late.
        _period = notice.Watchdog / 2 ?? PeriodWithoutWatchdog;
    }

    /// <summary>Beats until cancelled, from half of systemd's patience on.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(_period, _time);
        _notice.Alive(_status());
        AskAll();
        try
        {
            while (await timer.WaitForNextTickAsync(stopping))
            {
                Beat();
                AskAll();
            }
        }
        catch (OperationCanceledException)
        {
            // The process ends.
        }
    }

    private void AskAll()
    {
        for (var i = 0; i < _loops.Count; i++)
        {
            _turns[i] = _loops[i].Turns;
            _loops[i].Nudge();
        }
    }

    private void Beat()
    {
        var hung = _loops.Where((loop, i) => loop.Turns == _turns[i] && !loop.IsOutside).Select(loop => loop.Name).ToArray();
        if (hung.Length == 0)
        {
            if (_isHung)
                _log.GoesOn();

            _isHung = false;
            _notice.Alive(_status());
            return;
        }

        var names = string.Join(", ", hung);
        _log.Hangs(names, _period.TotalSeconds);
        _isHung = true;
        _notice.Hung($"hangs: {names}");
    }
}
