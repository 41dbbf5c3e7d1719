using System.CommandLine;
using Redoubt.Show;

namespace Redoubt.App.Commands;

/// <summary><c>redoubt agents</c>.</summary>
internal static partial class AgentsCommand
{
    private const int NameWidth = 14;

    internal static Command Create() =>
        Verb.Group(
            "agents",
            "See the fleet, and let hosts join and leave it.",
            List(),
            Show(),
            Config(),
            Add(),
            Token(),
            Restart(),
            Remove()
        );

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

    private static Command Show() => One<AgentView>("show", "Show everything that is known of an agent.", string.Empty, Print);

    private static Command Config() =>
        One<AgentConfigView>(
            "config",
            "Show the shared configuration that an agent runs with, and whether it took the newest one.",
            "/config",
            Print
        );

    // A verb that shows one thing of one agent.
    private static Command One<T>(string name, string description, string route, Action<T> print)
        where T : class
    {
        var home = CommonOptions.Home();
        var json = CommonOptions.Json();
        var agent = new Argument<string>("agent") { Description = "Its id or name." };
        return Verb.Create(
            name,
            description,
            async (parsed, _) =>
            {
                using var client = new ManagerClient(CommonOptions.PathsOf(parsed.GetValue(home)));
                var view = await client.GetAsync<T>($"agents/{Uri.EscapeDataString(parsed.GetValue(agent)!)}{route}");
                if (parsed.GetValue(json))
                    Terminal.PrintJson([view]);
                else
                    print(view);

                return 0;
            },
            agent,
            home,
            json
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

    private static void Print(AgentView agent)
    {
        Console.Out.WriteLine($"Agent {agent.Id} ({Terminal.Plain(agent.Name)}) is {Words(agent)}");
        Row("groups", string.Join(", ", agent.Groups));
        Row("labels", string.Join(", ", agent.Labels.Select(l => $"{l.Key}={l.Value}")));
        Row("address", agent.Address);
        Row("addresses", string.Join(", ", agent.Addresses));
        Row("system", agent.Os);
        Row("version", agent.Version);
        Row("added", Terminal.LocalTime(agent.Registered));
        Row("started", agent.Started is null ? null : Terminal.LocalTime(agent.Started));
        Row("certificate", agent.CertificateEnds is null ? null : $"until {Terminal.LocalTime(agent.CertificateEnds)}; renews itself");
        Row("enforcer", agent.Enforcer ? "yes" : "no");
        Row("blocks", $"{agent.BlocksEnforced} of {agent.BlocksDecided} enforced, {agent.Repairs} repairs");
        Row("lines", $"{agent.LinesReceived:N0} in this connection");
        Row("config", ConfigOf(agent));
    }

    private static string Words(AgentView agent) =>
        agent.State switch
        {
            "active" => $"active, connected since {Terminal.LocalTime(agent.Connected)}",
            "pending" => "pending: it has connected and not told its state yet",
            "disconnected" => $"disconnected since {Terminal.LocalTime(agent.Disconnected)}",
            "never_connected" => "never_connected: no host has used its token yet",
            var other => other,
        };

    private static string? ConfigOf(AgentView agent) =>
        agent.ConfigApplied switch
        {
            true => $"applied ({agent.ConfigSha256})",
            false => $"failed: {agent.ConfigReason}",
            null => null,
        };

    private static void Print(AgentConfigView config)
    {
        Console.Out.WriteLine($"Agent {config.Id} ({Terminal.Plain(config.Name)}): {ConfigWords(config)}");
        Row("groups", string.Join(", ", config.Groups));
        Row("runs with", config.Sha256 ?? "its own configuration only");
        if (config.WantedSha256 != config.Sha256)
            Row("groups say", config.WantedSha256);

        Row("reported", config.ReportedAt is null ? null : Terminal.LocalTime(config.ReportedAt));
        Row("reason", config.Reason);
        if (config.Content is not { } content)
            return;

        Console.Out.WriteLine();
        foreach (var line in content.TrimEnd('\n').Split('\n'))
            Console.Out.WriteLine(Terminal.Plain(line.TrimEnd('\r'), keepsTabs: true));
    }

    private static string ConfigWords(AgentConfigView config) =>
        config.State switch
        {
            "applied" => "what its groups say is in force",
            "failed" => "it did not take what its groups say; the one before is in force",
            "invalid" => "a file of its groups has errors (redoubt groups list); it keeps what it has",
            "waiting" => "what its groups say is on its way, or waits until it is connected",
            _ => "its groups say nothing",
        };

    private static void Row(string name, string? text)
    {
        if (text is { Length: > 0 })
            Terminal.WriteRow(Console.Out, name, text, NameWidth);
    }
}
