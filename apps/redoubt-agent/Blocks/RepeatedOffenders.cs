using Redoubt.Model;

namespace Redoubt.Agent.Blocks;

/// <summary>The ladder of <c>repeated_offenders</c>: the second, third … offence of a target is answered with longer blocks.</summary>
/// <remarks>
/// Counted per program and target. At most <see cref="MaxTargets"/> targets are kept; the one whose block ended longest ago goes first.
/// Threads: not safe. Source: active-response.md section 3 with its [D] rows.
/// </remarks>
internal sealed class RepeatedOffenders
{
    internal const int MaxTargets = 100_000;

    private readonly Dictionary<string, OffenderStep> _steps = new(StringComparer.Ordinal);

    /// <summary>The ladder in force.</summary>
    internal OffenderLadder Ladder { get; set; } = OffenderLadder.None;

    /// <summary>All steps, for the durable copy.</summary>
    internal IEnumerable<OffenderStep> All => _steps.Values;

    internal static string KeyOf(string executable, string target) => executable + " " + target;

    /// <summary>Takes over a stored step.</summary>
    internal void Restore(OffenderStep step) => _steps[step.Key] = step;

    /// <summary>Counts an offence.</summary>
    /// <param name="key">See <see cref="KeyOf"/>.</param>
    /// <param name="configured">Timeout of the response; zero is never counted.</param>
    /// <param name="now">Unix milliseconds.</param>
    /// <returns>How long to block, and the step that decided it.</returns>
    internal (TimeSpan Duration, int Step) Count(string key, TimeSpan configured, long now)
    {
        var known = _steps.GetValueOrDefault(key);
        return Ladder.Next(known?.Step, known?.BlockEnds, configured, now);
    }

    /// <summary>Remembers the step of a block and when it ends.</summary>
    internal OffenderStep Remember(string key, int step, long? blockEnds)
    {
        var entry = new OffenderStep(key, step, blockEnds);
        _steps[key] = entry;
        if (_steps.Count > MaxTargets)
            _steps.Remove(_steps.Values.Where(s => s.BlockEnds is not null).MinBy(s => s.BlockEnds)?.Key ?? string.Empty);

        return entry;
    }

    /// <summary>Starts the target anew.</summary>
    internal void Forget(string key) => _steps.Remove(key);
}
