using System.CommandLine;
using System.Text.Json;
using Redoubt.Host;
using Redoubt.Record;

namespace Redoubt.App.Commands;

/// <summary><c>redoubt alerts tail</c>: the newest alerts of today, and those to come.</summary>
internal static class AlertsTailCommand
{
    internal static Command Create()
    {
        var home = CommonOptions.Home();
        var json = CommonOptions.Json();
        var count = new Option<int>("-n", "--lines") { Description = "How many of the newest.", DefaultValueFactory = _ => 20 };
        var follow = new Option<bool>("-f", "--follow") { Description = "Go on with what comes, until Ctrl-C." };
        return Verb.Create(
            "tail",
            "Show the newest alerts.",
            async (parsed, cancellation) =>
            {
                var paths = CommonOptions.PathsOf(parsed.GetValue(home));
                var path = Path.Combine(paths.Logs, "alerts", "alerts.json");
                var asJson = parsed.GetValue(json);
                try
                {
                    using var alerts = new RecordFollower(path);
                    PrintNewest(alerts, parsed.GetValue(count), asJson);
                    if (parsed.GetValue(follow))
                        await FollowAsync(alerts, asJson, cancellation);
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    throw new StartException(
                        $"The alerts cannot be read: {e.Message} Give the manager's --home, and be root or the user who owns it.",
                        StartException.Unreachable
                    );
                }

                return 0;
            },
            home,
            json,
            count,
            follow
        );
    }

    private static void PrintNewest(RecordFollower alerts, int count, bool json)
    {
        var newest = new Queue<string>();
        foreach (var line in alerts.ReadNew())
        {
            newest.Enqueue(line);
            if (newest.Count > count)
                newest.Dequeue();
        }

        foreach (var line in newest)
            Print(line, json);
    }

    private static async Task FollowAsync(RecordFollower alerts, bool json, CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                await Task.Delay(200, cancellation);
                foreach (var line in alerts.ReadNew())
                    Print(line, json);
            }
        }
        catch (OperationCanceledException)
        {
            // Ctrl-C ends it in order.
        }
    }

    private static void Print(string line, bool json)
    {
        if (json)
        {
            Console.Out.WriteLine(line);
            return;
        }

        try
        {
            using var document = JsonDocument.Parse(line);
            var alert = new AlertText(document.RootElement);
            Console.Out.WriteLine(
                Terminal.Plain(
                    $"{alert.Time}  level {alert.Level, 2}  {alert.Rule, -6} {alert.Agent, -12} {alert.Source ?? "-", -15} {alert.Description}"
                )
            );
        }
        catch (JsonException)
        {
            // Somebody else wrote it: shown as it is.
            Console.Out.WriteLine(Terminal.Plain(line));
        }
    }
}
