using System.CommandLine;
using System.Text.Json;
using Redoubt.Host;
using Redoubt.Record;

namespace Redoubt.App.Commands;

/// <summary><c>redoubt alerts tail</c>: the newest alerts, and those to come.</summary>
internal static class AlertsCommand
{
    internal static Command Create() => Verb.Group("alerts", "See alerts.", Tail());

    private static Command Tail()
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

        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(line);
        }
        catch (JsonException)
        {
            // The last record while it is being written: shown whole by the next look.
            return;
        }

        using (document)
        {
            var alert = document.RootElement;
            var rule = alert.GetProperty("rule");
            var level = rule.TryGetProperty("level", out var l) ? l.GetInt32() : 0;
            var source = alert.TryGetProperty("data", out var data) && data.TryGetProperty("srcip", out var ip) ? ip.GetString() : null;
            var time = alert.GetProperty("timestamp").GetString()![..19].Replace('T', ' ');
            Console.Out.WriteLine(
                Terminal.Plain(
                    $"{time}  level {level, 2}  {rule.GetProperty("id").GetString(), -6} {alert.GetProperty("agent").GetProperty("name").GetString(), -12} {source ?? "-", -15} {rule.GetProperty("description").GetString()}"
                )
            );
        }
    }
}
