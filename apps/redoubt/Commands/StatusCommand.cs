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
                    StatusScreen.Write(Console.Out, status, TimeProvider.System.GetUtcNow());

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
}
