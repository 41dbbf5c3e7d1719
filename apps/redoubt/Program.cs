using System.CommandLine;
using Redoubt.App.Commands;
using Redoubt.App.Up;
using Redoubt.Host;

// redoubt VERB …: the command line, and the manager. Agent and enforcer are programs of their own and take over at once.
// Ctrl-C is for "up" alone, which ends its children in order.
if (Supervisor.IsUp)
    Signals.LeaveTerminalGroup();

if (args.Length > 0 && Handover.ProgramFor(args[0]) is { } program)
    return Handover.Become(program, args[1..]);

var root = new RootCommand("Redoubt: sees attacks in logs, drops the attacker at the firewall, proves it, and undoes it on time.")
{
    UpCommand.Create(),
    ManagerCommand.Create(),
    Handover.Describe("agent", "Read the logs of this host for a manager, and keep this host's blocks."),
    Handover.Describe("enforcer", "Change this host's firewall for its agent (root)."),
    StatusCommand.Create(),
    ReloadCommand.Create(),
    AgentsCommand.Create(),
    GroupsCommand.Create(),
    BlocksCommand.Create(),
    AllowCommand.Create(),
    ResponsesCommand.Create(),
    AlertsCommand.Create(),
    CheckCommand.Create(),
    LogtestCommand.Create(),
    ExplainCommand.Create(),
    ReplayCommand.Create(),
    RulesCommand.Create(),
    VersionCommand.Create(),
};
return await StartGuard.InvokeAsync(root.Parse(args));
