using Redoubt.App.Rules;
using Redoubt.Model;

namespace Redoubt.App.Replay;

/// <summary>What a replay is asked to do.</summary>
internal sealed record ReplayOptions
{
    internal required LoadedRules Rules { get; init; }

    internal required LineKind Kind { get; init; }

    internal required LoggedClock Clock { get; init; }

    /// <summary>Zone of times without one, of alerts, and of rules with <c>time</c>.</summary>
    internal required TimeZoneInfo Zone { get; init; }

    /// <summary>Threads that decode, 1 to 64; with 1 everything is done by one thread.</summary>
    internal int Workers { get; init; } = 1;

    /// <summary>Folder that takes the place of <c>logs</c>; null: no records.</summary>
    internal string? OutputFolder { get; init; }

    /// <summary>Receives one JSON object a line; null: none.</summary>
    internal Stream? Json { get; init; }

    /// <summary>Whether new blocks by minute are told.</summary>
    internal bool WithBudget { get; init; }

    /// <summary>Called now and then while lines are read, with the number of lines so far.</summary>
    internal Action<long>? Progress { get; init; }
}
