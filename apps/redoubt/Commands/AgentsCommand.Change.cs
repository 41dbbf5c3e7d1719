using System.CommandLine;
using Redoubt.Host;
using Redoubt.Show;

namespace Redoubt.App.Commands;

// The verbs that change the fleet.
internal static partial class AgentsCommand
{
    private static Command Add()
    {
        var home = CommonOptions.Home();
        var json = CommonOptions.Json();
        var name = new Argument<string>("name") { Description = "The agent's name in the fleet." };
        var group = Group();
        var expires = Expires();
        return Verb.Create(
            "add",
            "Add an agent and print the token for its host.",
            async (parsed, _) =>
            {
                using var client = new ManagerClient(CommonOptions.PathsOf(parsed.GetValue(home)));
                var added = await client.PostAsync<AddedAgentView>(
                    "agents/add",
                    new AddAgentRequest(
                        parsed.GetValue(name)!,
                        parsed.GetValue(group)!.Split(',', StringSplitOptions.TrimEntries),
                        Durations.Parse(parsed.GetValue(expires)!)
                    )
                );
                if (parsed.GetValue(json))
                {
                    Terminal.PrintJson([added]);
                    return 0;
                }

                Console.Out.WriteLine(added.Token);
                await Console.Error.WriteLineAsync(
                    $"Agent {added.Id} ({added.Name}) is added. Its host joins with this token, once, until {Terminal.LocalTime(added.Expires)}: redoubt agent --manager ADDR --token-file FILE"
                );
                return 0;
            },
            name,
            home,
            json,
            group,
            expires
        );
    }

    private static Command Token()
    {
        var home = CommonOptions.Home();
        var json = CommonOptions.Json();
        var group = Group();
        var uses = new Option<int>("--uses") { Description = "Agents that may enrol with it.", DefaultValueFactory = _ => 1 };
        var expires = Expires();
        var agent = new Option<string?>("--agent")
        {
            Description = "The one agent (id or name) that enrols with it, again or for the first time; keeps its id, name and groups.",
        };
        return Verb.Create(
            "token",
            "Make an enrolment token and print it.",
            async (parsed, _) =>
            {
                using var client = new ManagerClient(CommonOptions.PathsOf(parsed.GetValue(home)));
                var token = await client.PostAsync<TokenView>(
                    "agents/tokens",
                    new TokenRequest(
                        parsed.GetValue(group)!,
                        parsed.GetValue(uses),
                        Durations.Parse(parsed.GetValue(expires)!),
                        parsed.GetValue(agent)
                    )
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
            expires,
            agent
        );
    }

    private static Command Restart()
    {
        var home = CommonOptions.Home();
        var json = CommonOptions.Json();
        var agents = Agents();
        return Verb.Create(
            "restart",
            "Restart the agent's process on its host, and wait until it is back; blocks stay.",
            async (parsed, _) =>
            {
                using var client = new ManagerClient(CommonOptions.PathsOf(parsed.GetValue(home)));
                var outcomes = await Task.WhenAll(
                    parsed.GetValue(agents)!.Select(a => client.PostAsync<RestartView>("agents/restart", new AgentRequest(a)))
                );
                foreach (var outcome in outcomes)
                {
                    if (parsed.GetValue(json))
                        Terminal.PrintJson([outcome]);
                    else
                        Console.Out.WriteLine($"Agent {outcome.Id} ({Terminal.Plain(outcome.Name)}) {Words(outcome)}");
                }

                return outcomes.Any(o => o.Outcome == "failed") ? StartException.Refused : 0;
            },
            agents,
            home,
            json
        );
    }

    private static Command Remove()
    {
        var home = CommonOptions.Home();
        var json = CommonOptions.Json();
        var agents = Agents();
        return Verb.Create(
            "remove",
            "Take an agent out of the fleet: its connection ends now, its certificate is void. Its blocks stay until their time is over.",
            async (parsed, _) =>
            {
                using var client = new ManagerClient(CommonOptions.PathsOf(parsed.GetValue(home)));
                foreach (var word in parsed.GetValue(agents)!)
                {
                    var removed = await client.PostAsync<AgentView>("agents/remove", new AgentRequest(word));
                    if (parsed.GetValue(json))
                        Terminal.PrintJson([removed]);
                    else
                        Console.Out.WriteLine(
                            $"Agent {removed.Id} ({Terminal.Plain(removed.Name)}) is removed. To take it back: redoubt agents token --agent {removed.Id}"
                        );
                }

                return 0;
            },
            agents,
            home,
            json
        );
    }

    private static string Words(RestartView outcome) =>
        outcome.Outcome switch
        {
            "restarted" => $"is back after {outcome.Seconds} s",
            "reloaded" => "has read its configuration again: it was started by hand, and nobody would start it anew",
            _ => $"is not back: {outcome.Reason}",
        };

    private static Argument<string[]> Agents() => new("agent") { Description = "Ids or names.", Arity = ArgumentArity.OneOrMore };

    private static Option<string> Group() =>
        new("--group") { Description = "Groups the agent joins, separated by commas.", DefaultValueFactory = _ => "default" };

    private static Option<string> Expires() =>
        new("--expires") { Description = "How long the token is good: 30m, 1h, 2d.", DefaultValueFactory = _ => "1h" };
}
