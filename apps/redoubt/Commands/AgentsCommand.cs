using System.CommandLine;
using Redoubt.Host;
using Redoubt.Show;

namespace Redoubt.App.Commands;

/// <summary><c>redoubt agents list</c> and <c>redoubt agents token</c>.</summary>
internal static class AgentsCommand
{
    internal static Command Create() => Verb.Group("agents", "See the fleet, and let hosts join it.", List(), Token());

    private static Command List()
    {
        var home = CommonOptions.Home();
        var json = CommonOptions.Json();
        return Verb.Create(
            "list",
            "List the agents.",
            async (parsed, _) =>
            {
                using var client = new ManagerClient(CommonOptions.PathsOf(parsed.GetValue(home)));
                var agents = await client.GetAsync<AgentView[]>("agents");
                if (parsed.GetValue(json))
                    Terminal.PrintJson(agents);
                else if (agents.Length == 0)
                    Console.Out.WriteLine("No agents yet. Make a token with 'redoubt agents token' and start 'redoubt agent' on a host.");
                else
                    Terminal.PrintTable(
                        ["id", "name", "state", "address", "groups", "enforcer", "blocks", "config", "last seen"],
                        agents.Select(Row)
                    );

                return 0;
            },
            home,
            json
        );
    }

    private static Command Token()
    {
        var home = CommonOptions.Home();
        var json = CommonOptions.Json();
        var group = new Option<string>("--group") { Description = "Group the agents join.", DefaultValueFactory = _ => "default" };
        var uses = new Option<int>("--uses") { Description = "Agents that may enrol with it.", DefaultValueFactory = _ => 1 };
        var expires = new Option<string>("--expires")
        {
            Description = "How long it is good: seconds, or with s, m, h, d.",
            DefaultValueFactory = _ => "1h",
        };
        return Verb.Create(
            "token",
            "Make an enrolment token and print it.",
            async (parsed, _) =>
            {
                var seconds =
                    Seconds(parsed.GetValue(expires)!)
                    ?? throw new StartException(
                        $"'{parsed.GetValue(expires)}' is not a duration. Write 30m, 1h or 2d.",
                        StartException.Usage
                    );
                using var client = new ManagerClient(CommonOptions.PathsOf(parsed.GetValue(home)));
                var token = await client.PostAsync<TokenView>(
                    "agents/tokens",
                    new TokenRequest(parsed.GetValue(group)!, parsed.GetValue(uses), seconds)
                );
                if (parsed.GetValue(json))
                    Terminal.PrintJson([token]);
                else
                    Console.Out.WriteLine(token.Token);

                return 0;
            },
            home,
            json,
            group,
            uses,
            expires
        );
    }

    private static string[] Row(AgentView agent) =>
        [
            agent.Id,
            agent.Name,
            agent.State,
            agent.Address ?? "-",
            string.Join(',', agent.Groups),
            agent.Enforcer ? "yes" : "no",
            $"{agent.BlocksEnforced}/{agent.BlocksDecided}",
            agent.ConfigApplied switch
            {
                true => "applied",
                false => "failed",
                null => "-",
            },
            Terminal.LocalTime(agent.LastSeen),
        ];

    private static long? Seconds(string text)
    {
        text = text.Trim();
        var factor =
            text.Length == 0
                ? 0
                : text[^1] switch
                {
                    's' => 1,
                    'm' => 60,
                    'h' => 3600,
                    'd' => 86400,
                    _ => 0,
                };
        var digits = factor == 0 ? text : text[..^1];
        return
            int.TryParse(digits, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var value)
            && value > 0
            ? (long)value * Math.Max(factor, 1)
            : null;
    }
}
