using System.Globalization;

namespace Redoubt.Decide;

/// <summary>Stops a flood of decisions: who can forge log lines could otherwise make the tool block the world.</summary>
/// <remarks>
/// Counts the targets that were new within a minute, per host and over the fleet. Over the budget the breaker of that host (or of the fleet)
/// opens: decisions are only observed until ten minutes went by without one over the budget, or until a person closes it. A target
/// that was counted within the minute costs nothing again. Memory: one entry a target a minute, bounded by the budget.
/// Time: given by the caller. Threads: safe.
/// </remarks>
public sealed class BlockBudget
{
    /// <summary>The time in which targets are counted.</summary>
    public const long WindowMilliseconds = 60_000;

    private const long QuietMilliseconds = 600_000;
    private const long LongestBurstMilliseconds = 3_600_000;
    private const string WholeFleet = "";

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Scope> _scopes = new(StringComparer.Ordinal);
    private BudgetOptions _options;

    /// <param name="options">The limits.</param>
    public BlockBudget(BudgetOptions options) => _options = options;

    /// <summary>New limits; what was counted stays.</summary>
    public void Use(BudgetOptions options)
    {
        lock (_gate)
            _options = options;
    }

    /// <summary>Asks for leave to block a target on hosts.</summary>
    /// <param name="target">Its canonical text.</param>
    /// <param name="hosts">Agent ids.</param>
    /// <param name="now">Unix milliseconds.</param>
    public BudgetAnswer Ask(string target, IReadOnlyList<string> hosts, long now)
    {
        lock (_gate)
        {
            var fleet = Of(WholeFleet);
            var answer = fleet.Check(target, now, _options.Fleet, "the fleet");
            foreach (var host in hosts)
            {
                if (answer.Reason is not null)
                    return answer;

                answer = Of(host).Check(target, now, _options.PerHost, $"host {host}");
            }

            if (answer.Reason is not null)
                return answer;

            fleet.Count(target, now);
            foreach (var host in hosts)
                Of(host).Count(target, now);

            return BudgetAnswer.Fine;
        }
    }

    /// <summary>Opens the breaker of a host, or of the fleet, for another reason than the number of targets.</summary>
    /// <param name="host">Agent id; null: the fleet.</param>
    /// <param name="reason">What is too much.</param>
    /// <param name="now">Unix milliseconds.</param>
    /// <param name="burstSince">When what is too much began; an hour counts at most, for what was blocked long before is no part of a burst.</param>
    public BudgetAnswer Exceed(string? host, string reason, long now, long burstSince)
    {
        lock (_gate)
            return new BudgetAnswer(
                reason + ": only observed",
                Of(host ?? WholeFleet).Open(now, Math.Max(burstSince, now - LongestBurstMilliseconds))
            );
    }

    /// <summary>Closes every breaker.</summary>
    /// <returns>Since when the bursts had been going on, Unix milliseconds; null when none was open.</returns>
    public long? Close(long now)
    {
        lock (_gate)
        {
            var since = _scopes.Values.Where(s => s.IsOpen(now)).Select(s => s.BurstSince).DefaultIfEmpty(-1).Min();
            _scopes.Clear();
            return since < 0 ? null : since;
        }
    }

    /// <summary>What is open now: agent ids, and an empty text for the fleet.</summary>
    public IReadOnlyList<string> Open(long now)
    {
        lock (_gate)
            return [.. _scopes.Where(s => s.Value.IsOpen(now)).Select(s => s.Key).Order(StringComparer.Ordinal)];
    }

    private Scope Of(string name)
    {
        if (!_scopes.TryGetValue(name, out var scope))
            _scopes[name] = scope = new Scope();

        return scope;
    }

    private sealed class Scope
    {
        private readonly Queue<(long At, string Target)> _order = [];
        private readonly HashSet<string> _targets = new(StringComparer.Ordinal);
        private long _openUntil;

        /// <summary>Start of what was too much.</summary>
        public long BurstSince { get; private set; }

        public bool IsOpen(long now) => now < _openUntil;

        public BudgetAnswer Check(string target, long now, int limit, string where)
        {
            while (_order.TryPeek(out var oldest) && oldest.At <= now - WindowMilliseconds)
                _targets.Remove(_order.Dequeue().Target);

            if (_targets.Contains(target) || (!IsOpen(now) && (limit == 0 || _targets.Count < limit)))
                return BudgetAnswer.Fine;

            var reason =
                IsOpen(now) && (limit == 0 || _targets.Count < limit)
                    ? $"the breaker of {where} is open"
                    : string.Create(CultureInfo.InvariantCulture, $"more than {limit} new targets a minute on {where}");
            return new BudgetAnswer(reason + ": only observed", Open(now, now - WindowMilliseconds));
        }

        /// <returns>Whether it was closed before.</returns>
        public bool Open(long now, long burstSince)
        {
            var opens = !IsOpen(now);
            if (opens)
                BurstSince = burstSince;

            _openUntil = now + QuietMilliseconds;
            return opens;
        }

        public void Count(string target, long now)
        {
            if (_targets.Add(target))
                _order.Enqueue((now, target));
        }
    }
}
