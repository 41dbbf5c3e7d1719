using System.CommandLine;
using Redoubt.Agent;
using Redoubt.Host;

// redoubt-agent: reads the logs of this host, sends the lines to the manager, and keeps this host's blocks.
var home = new Option<DirectoryInfo?>("--home") { Description = "Folder that holds everything; without it the installed places." };
var manager = new Option<string[]>("--manager")
{
    Description = "ADDR[:7514] of a manager; kept for later starts.",
    AllowMultipleArgumentsPerToken = true,
};
var tokenFile = new Option<string?>("--token-file")
{
    Description = "File with the enrolment token, or - for standard input; needed once.",
};
var name = new Option<string?>("--name") { Description = "Name in the fleet; default: the host name." };
var user = new Option<string?>("--user")
{
    Description = "User to run as when started by root; default: redoubt if it exists, else a fixed number.",
};
var configuration = new Option<string?>("--config") { Description = "Another configuration file than the home's.", Hidden = true };
var root = new RootCommand("Reads the logs of this host for a Redoubt manager, and keeps this host's blocks.")
{
    home,
    manager,
    tokenFile,
    name,
    user,
    configuration,
};
root.SetAction(
    (parsed, _) =>
        StartGuard.RunAsync(
            "agent",
            () =>
                AgentProcess.RunAsync(
                    new AgentArguments
                    {
                        Home = parsed.GetValue(home)?.FullName,
                        Managers = parsed.GetValue(manager) ?? [],
                        TokenFile = parsed.GetValue(tokenFile),
                        Name = parsed.GetValue(name),
                        User = parsed.GetValue(user),
                        ConfigurationFile = parsed.GetValue(configuration),
                    }
                )
        )
);
return await StartGuard.InvokeAsync(root.Parse(args));
