namespace Redoubt.Lab;

/// <summary>One fault of a plan.</summary>
/// <param name="Kind">What happens.</param>
/// <param name="Pause">Time since the fault before it began.</param>
/// <param name="Length">How long the process is away or stands still, or the link is down; nothing for a rotation.</param>
internal sealed record Fault(FaultKind Kind, TimeSpan Pause, TimeSpan Length)
{
    /// <summary>What it happens to: faults of one target never overlap, those of different targets do.</summary>
    internal string Target =>
        Kind switch
        {
            FaultKind.AgentKilled => "agent",
            FaultKind.ManagerKilled or FaultKind.ManagerStopped => "manager",
            FaultKind.LinkDown => "link",
            _ => "log",
        };

    /// <summary>Random faults; the same from the same seed on every machine.</summary>
    internal static IReadOnlyList<Fault> Plan(int count, int seed)
    {
        const int longestPause = 500;
        const int longestFault = 900;
        var kinds = Enum.GetValues<FaultKind>();
        var random = new Random(seed);
        return
        [
            .. Enumerable
                .Range(0, count)
                .Select(_ => new Fault(
                    kinds[random.Next(kinds.Length)],
                    TimeSpan.FromMilliseconds(random.Next(longestPause)),
                    TimeSpan.FromMilliseconds(random.Next(longestFault))
                )),
        ];
    }
}
