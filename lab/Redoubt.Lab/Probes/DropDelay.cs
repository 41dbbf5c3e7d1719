using System.Diagnostics;
using System.Net;

namespace Redoubt.Lab;

/// <summary>Measures how long it takes from the deciding line in the log to the first dropped packet.</summary>
public static class DropDelay
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>Attacks several times, each time from a fresh address, and measures each.</summary>
    /// <param name="lab">The lab.</param>
    /// <param name="sshd">Server whose log is written to.</param>
    /// <param name="redoubt">Running.</param>
    /// <param name="rounds">How many attacks, up to 100.</param>
    /// <param name="stop">Ends between two rounds.</param>
    /// <returns>The times, sorted.</returns>
    public static async Task<IReadOnlyList<TimeSpan>> MeasureAsync(
        LabNetwork lab,
        Sshd sshd,
        Deployment redoubt,
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
            times.Add(await OneAsync(lab, sshd, redoubt, source));
        }

        times.Sort();
        return times;
    }

    private static async Task<TimeSpan> OneAsync(LabNetwork lab, Sshd sshd, Deployment redoubt, IPAddress source)
    {
        await sshd.AppendAsync(AuthLogLines.Attack(source, lines: 7));
        await Wait.UntilAsync(
            async () =>
                (await Wait.LinesAsync(redoubt.ArchivesLog)).Count(l => l.Contains($" from {source} ", StringComparison.Ordinal)) == 7,
            $"the manager has seen seven lines about {source}",
            Limit
        );

        await using var probe = await DropProbe.StartAsync(lab.Attacker, source, lab.Agent);
        var line = AuthLogLines.InvalidUser(source, 7);
        var written = Stopwatch.GetTimestamp();
        await sshd.AppendAsync(line);
        return await probe.FirstDropAsync(written, Limit);
    }
}
