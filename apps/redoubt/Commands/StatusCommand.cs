using System.CommandLine;
using System.Diagnostics;
using Redoubt.Host;
using Redoubt.Show;

namespace Redoubt.App.Commands;

/// <summary><c>redoubt status</c>: exit code 0 when all is up.</summary>
internal static class StatusCommand
{
    internal static Command Create()
    {
        var home = CommonOptions.Home();
        var json = CommonOptions.Json();
        var wait = new Option<int?>("--wait") { Description = "Wait up to this many seconds until all is up." };
        return Verb.Create(
            "status",
            "Tell whether manager, agents and enforcers are up.",
            async (parsed, cancellation) =>
            {
                using var client = new ManagerClient(CommonOptions.PathsOf(parsed.GetValue(home)));
                var status = await WaitAsync(client, TimeSpan.FromSeconds(parsed.GetValue(wait) ?? 0), cancellation);
                if (parsed.GetValue(json))
                    Terminal.PrintJson([status]);
                else
                    Print(status);

                return status.Ready ? 0 : StartException.Refused;
            },
            home,
            json,
            wait
        );
    }

    private static async Task<StatusView> WaitAsync(ManagerClient client, TimeSpan wait, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                var status = await client.GetAsync<StatusView>("status");
                if (status.Ready || watch.Elapsed >= wait)
                    return status;
            }
            catch (StartException) when (watch.Elapsed < wait)
            {
                // Not there yet; the deadline decides.
            }

            await Task.Delay(100, cancellation);
        }
    }

    // Those that miss blocks come first.
    private const int MaxHosts = 10;

    private static void Print(StatusView status)
    {
        var lines = status.Lines;
        Console.Out.WriteLine($"Redoubt {status.Version}: {(status.Ready ? "all is up" : "not all is up")}, {status.Mode} mode");
        foreach (var problem in status.NotReady)
            Console.Out.WriteLine($"  ! {Terminal.Plain(problem)}");

        if (status.OpenBreakers.Count > 0)
            Console.Out.WriteLine(
                $"  ! only observing on {string.Join(", ", status.OpenBreakers)}: too many addresses were to be blocked. Undo: redoubt blocks release-burst"
            );

        Console.Out.WriteLine($"  agents   {status.AgentsActive} of {status.AgentsTotal} connected");
        Console.Out.WriteLine($"  blocks   {status.Blocks} current (redoubt blocks list)");
        Console.Out.WriteLine($"  enforced {status.BlocksEnforced} of {status.BlocksDecided} decided, on the hosts that are connected");
        foreach (var host in status.Hosts.Where(h => h.BlocksDecided > 0).OrderBy(h => h.BlocksEnforced >= h.BlocksDecided).Take(MaxHosts))
            Console.Out.WriteLine($"    {host.Id} {Terminal.Plain(host.Name)}: {host.BlocksEnforced} of {host.BlocksDecided}");

        var notShown = status.Hosts.Count(h => h.BlocksDecided > 0) - MaxHosts;
        if (notShown > 0)
            Console.Out.WriteLine($"    … and {notShown} more (redoubt agents list)");

        Console.Out.WriteLine(
            $"  lines    {lines.Received:N0} received = {lines.Processed:N0} processed + {lines.Duplicates:N0} seen before + {lines.Shed:N0} shed"
        );
        Console.Out.WriteLine($"  alerts   {lines.Alerts:N0} since the start, in {status.AlertsFile}");
        if (status.Refused.Count > 0)
            Console.Out.WriteLine(
                $"  refused  {status.Refused.Values.Sum():N0} at the agents' port: {string.Join(", ", status.Refused.Select(r => $"{r.Value:N0} {r.Key.Replace('_', ' ')}"))}"
            );

        Console.Out.WriteLine($"  rules    {status.Rules:N0} rules; configuration {status.Configuration}");
    }
}
