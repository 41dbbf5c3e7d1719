using System.Diagnostics;
using System.Net;

namespace Redoubt.Lab;

/// <summary>Measures how long it takes from the deciding line in the log to the first dropped packet.</summary>
public static class DropDelay
{
    // The line after these decides.
    private const int Before = 7;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>Attacks several times, each time from a fresh address, and measures each.</summary>
    /// <param name="lab">The lab.</param>
    /// <param name="sshd">Server whose log is written to.</param>
    /// <param name="redoubt">Running.</param>
    /// <param name="rounds">How many attacks, up to 100.</param>
    /// <param name="stop">Ends between two rounds.</param>
    /// <returns>The times, sorted.</returns>
    public static Task<IReadOnlyList<TimeSpan>> MeasureAsync(
        LabNetwork lab,
        Sshd sshd,
        Deployment redoubt,
        int rounds,
        CancellationToken stop = default
    ) => MeasureAsync(lab, sshd, async source => await CountAsync(redoubt.ArchivesLog, source) == Before, rounds, stop);

    /// <summary>The same with anything that blocks at the eighth line.</summary>
    /// <param name="lab">The lab.</param>
    /// <param name="sshd">Server whose log is written to.</param>
    /// <param name="hasSeen">Whether it has dealt with the first seven lines about an address.</param>
    /// <param name="rounds">How many attacks, up to 100.</param>
    /// <param name="stop">Ends between two rounds.</param>
    /// <returns>The times, sorted.</returns>
    public static async Task<IReadOnlyList<TimeSpan>> MeasureAsync(
        LabNetwork lab,
        Sshd sshd,
        Func<IPAddress, Task<bool>> hasSeen,
        int rounds,
        CancellationToken stop = default
    )
    {
        var times = new List<TimeSpan>();
        for (var round = 0; round < rounds; round++)
        {
            stop.ThrowIfCancellationRequested();
            var source = IPAddress.Parse($"10.0.0.{100 + round}");
            await lab.Attacker.MustRunAsync("ip", "address", "add", $"{source}/24", "dev", "eth0");
            times.Add(await OneAsync(lab, sshd, hasSeen, source));
        }

        times.Sort();
        return times;
    }

    /// <summary>How many lines of a file name an address as the source.</summary>
    public static async Task<int> CountAsync(string file, IPAddress source) =>
        (await Wait.LinesAsync(file)).Count(l => l.Contains($" from {source} ", StringComparison.Ordinal));

    private static async Task<TimeSpan> OneAsync(LabNetwork lab, Sshd sshd, Func<IPAddress, Task<bool>> hasSeen, IPAddress source)
    {
        await sshd.AppendAsync(AuthLogLines.Attack(source, Before));
        await Wait.UntilAsync(() => hasSeen(source), $"{Before} lines about {source} are counted", Limit);

        await using var probe = await DropProbe.StartAsync(lab.Attacker, source, lab.Agent);
        var line = AuthLogLines.InvalidUser(source, Before);
        var written = Stopwatch.GetTimestamp();
        await sshd.AppendAsync(line);
        return await probe.FirstDropAsync(written, Limit);
    }
}
