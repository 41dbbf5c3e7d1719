using System.Globalization;
using Redoubt.App.Commands;
using Redoubt.Config;
using Redoubt.Host;
using Redoubt.Show;

namespace Redoubt.App.Up;

/// <summary><c>redoubt up</c>: starts manager, enforcer and agent on this host, looks after them, and ends them together.</summary>
internal static class UpProcess
{
    // A process that dies more often than this is not started again: something is wrong that a restart does not mend.
    private const int MaxRestartsAnHour = 20;

    internal static async Task<int> RunAsync(string? home, bool enforce)
    {
        var paths = CommonOptions.PathsOf(home);
        var hasOwn = File.Exists(paths.ConfigurationFile);
        var children = new List<ChildProcess>();
        using var notice = ServiceNotice.FromEnvironment();
        using var shutdown = new Shutdown(reload: () =>
        {
            notice.Reloading();
            ReloadAll(children);
            notice.Running();
        });
        string[] homeArguments = paths.Root == HomePaths.Installed().Root ? [] : ["--home", paths.Root];
        var configuration = hasOwn ? paths.ConfigurationFile : WritePolicy(paths, enforce);
        string[] withConfiguration = hasOwn ? homeArguments : [.. homeArguments, "--config", configuration];
        SayWhatItDoes(configuration, hasOwn, enforce);

        var plan = new List<(string Name, string[] Arguments)> { ("manager", [.. withConfiguration, "--listen", "127.0.0.1:7514"]) };
        if (Privileges.IsRoot)
            plan.Add(("enforcer", homeArguments));
        else
            Console.Out.WriteLine(
                "Without root nothing can be blocked: start with sudo to let the enforcer run. Alerts and decisions are made all the same."
            );

        plan.Add(("agent", [.. withConfiguration, "--manager", "127.0.0.1:7514"]));
        try
        {
            foreach (var (name, arguments) in plan)
            {
                var child = await ChildProcess.StartAsync(name, arguments, shutdown.Token);
                if (child is null)
                    return await StopAllAsync(children, StartException.Unreachable);

                lock (children)
                    children.Add(child);
            }

            SayWhereToLook(paths, home);
            notice.Running();
            using var logs = ProgramLog.CreateFactory("up", path: null, TimeProvider.System);
            var heartbeat = new Heartbeat(
                notice,
                [],
                () => $"looks after {string.Join(", ", plan.Select(p => p.Name))}",
                TimeProvider.System,
                logs.CreateLogger("up")
            );
            await await Task.WhenAny(heartbeat.RunAsync(shutdown.Token), WatchAsync(plan, children, shutdown.Token));
        }
        catch (OperationCanceledException)
        {
            // Ctrl-C, also during the start.
        }

        notice.Stopping();
        await SayWhatStaysAsync(paths, home);
        return await StopAllAsync(children, 0);
    }

    private static async Task WatchAsync(
        List<(string Name, string[] Arguments)> plan,
        List<ChildProcess> children,
        CancellationToken stopping
    )
    {
        var restarts = new Queue<long>();
        while (!stopping.IsCancellationRequested)
        {
            var ended = await Task.WhenAny(children.Select(c => c.Exited).Append(Task.Delay(Timeout.Infinite, stopping)));
            if (stopping.IsCancellationRequested)
                return;

            var index = children.FindIndex(c => c.Exited.IsCompleted || c.Exited == ended);
            var former = children[index];
            await Console.Error.WriteLineAsync(
                $"redoubt up: the {former.Name} ended with {former.ExitCode} and is started again; blocks stay, lines wait in their files."
            );
            var now = Environment.TickCount64;
            restarts.Enqueue(now);
            while (restarts.Count > 0 && now - restarts.Peek() > 3_600_000)
                restarts.Dequeue();

            if (restarts.Count > MaxRestartsAnHour)
                throw new StartException(
                    $"The {former.Name} ended again and again; see {former.Name}'s messages above.",
                    StartException.Refused
                );

            var next =
                await ChildProcess.StartAsync(
                    former.Name,
                    plan.First(p => string.Equals(p.Name, former.Name, StringComparison.Ordinal)).Arguments,
                    stopping
                )
                ?? throw new StartException(
                    $"The {former.Name} could not be started again; see its message above.",
                    StartException.Refused
                );
            lock (children)
                children[index] = next;

            former.Dispose();
        }
    }

    // A child that has just ended and is not started again yet reads its configuration at the start anyway.
    private static void ReloadAll(List<ChildProcess> children)
    {
        lock (children)
        {
            foreach (var child in children.Where(c => !c.Exited.IsCompleted))
                child.Reload();
        }
    }

    private static async Task<int> StopAllAsync(List<ChildProcess> children, int code)
    {
        ChildProcess[] all;
        lock (children)
        {
            all = [.. children];
            children.Clear();
        }

        // The agent first, so that nothing is asked of processes that have gone.
        foreach (var child in Enumerable.Reverse(all))
        {
            await child.StopAsync();
            child.Dispose();
        }

        return code;
    }

    private static string WritePolicy(HomePaths paths, bool enforce)
    {
        var path = Path.Combine(paths.Root, "var", "built-in.conf");
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, DefaultPolicy.Text(enforce));
            return path;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException(
                $"The home {paths.Root} cannot be written: {e.Message} Start as root, or choose a --home of your own.",
                StartException.Unreachable
            );
        }
    }

    private static void SayWhatItDoes(string configuration, bool hasOwn, bool enforce)
    {
        if (hasOwn)
        {
            Console.Out.WriteLine($"Configuration: {configuration}. It is enforced as written.");
            if (enforce)
                Console.Out.WriteLine("--enforce has no effect with a configuration of your own: its <mode> decides.");

            return;
        }

        Console.Out.WriteLine(
            enforce
                ? "Built-in policy, ENFORCING: attackers are dropped at this host's firewall."
                : "Built-in policy, only OBSERVING: decisions are recorded, nothing is blocked. To block attackers, start with --enforce."
        );
        Console.Out.WriteLine($"  The policy stands in {configuration}; copy it to etc/redoubt.conf of the home to make it yours.");
        if (DefaultPolicy.ExistingLogs.Count > 0)
            Console.Out.WriteLine($"  Watching {string.Join(" and ", DefaultPolicy.ExistingLogs)}.");
        else if (DefaultPolicy.HasJournal)
            Console.Out.WriteLine("  Watching this host's journal.");
        else
            Console.Out.WriteLine(
                "  This host has no authentication log yet (/var/log/auth.log, /var/log/secure, journal); waiting until one appears."
            );
    }

    // From a checkout it is started as ./redoubt.
    private static string Program => Environment.GetEnvironmentVariable("REDOUBT_COMMAND") ?? "redoubt";

    private static void SayWhereToLook(HomePaths paths, string? home)
    {
        var with = home is null ? string.Empty : $" --home {paths.Root}";
        Console.Out.WriteLine();
        Console.Out.WriteLine("Redoubt is up.");
        Console.Out.WriteLine($"  alerts   {Path.Combine(paths.Logs, "alerts", "alerts.json")}   {Program} alerts tail -f{with}");
        Console.Out.WriteLine($"  blocks   {Program} blocks list{with}");
        Console.Out.WriteLine($"  status   {Program} status{with}");
        Console.Out.WriteLine("  end      Ctrl-C; blocks stay until their time is over");
        Console.Out.Flush();
    }

    private static async Task SayWhatStaysAsync(HomePaths paths, string? home)
    {
        Console.Out.WriteLine();
        BlockView[] blocks;
        try
        {
            using var client = new ManagerClient(paths);
            blocks = [.. (await client.GetAsync<BlockView[]>("blocks")).Where(b => b.Hosts.Any(h => h.State == "enforced"))];
        }
        catch (StartException)
        {
            Console.Out.WriteLine("Ending. The manager does not answer; blocks in the kernel stay until their time is over.");
            return;
        }

        if (blocks.Length == 0)
        {
            Console.Out.WriteLine("Ending. Nothing is blocked.");
            return;
        }

        Console.Out.WriteLine($"Ending. {blocks.Length} {(blocks.Length == 1 ? "block stays" : "blocks stay")} in the kernel:");
        foreach (var block in blocks.Take(20))
            Console.Out.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"  {block.Target} until {(block.End is null ? "it is removed" : Terminal.LocalTime(block.End))}"
                )
            );

        if (blocks.Length > 20)
            Console.Out.WriteLine($"  and {blocks.Length - 20} more");

        Console.Out.WriteLine(
            $"To clear them now: start again and run '{Program} blocks clear --all{(home is null ? string.Empty : $" --home {paths.Root}")}', or: nft delete table inet redoubt"
        );
    }
}
