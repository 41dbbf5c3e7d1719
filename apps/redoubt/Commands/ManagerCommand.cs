using System.CommandLine;
using Redoubt.App.Manager;

namespace Redoubt.App.Commands;

/// <summary><c>redoubt manager</c>.</summary>
internal static class ManagerCommand
{
    internal static Command Create()
    {
        var home = CommonOptions.Home();
        var listen = new Option<string?>("--listen") { Description = "ADDR:PORT for agents; default: every address, port 7514." };
        var web = new Option<string?>("--web") { Description = "ADDR:PORT of the web console; accepted, not served by this version." };
        var user = new Option<string?>("--user")
        {
            Description = "User to run as when started by root; default: redoubt if it exists, else a fixed number.",
        };
        var configuration = new Option<string?>("--config") { Description = "Another configuration file than the home's.", Hidden = true };
        var compatibility = CommonOptions.Compatibility();
        return Verb.Create(
            "manager",
            "Analyse the lines of agents, decide, and keep the ledger of blocks.",
            async (parsed, _) =>
            {
                if (parsed.GetValue(web) is not null)
                    await Console.Error.WriteLineAsync(
                        "redoubt manager: the web console is not part of this version; --web has no effect."
                    );

                return await ManagerProcess.RunAsync(
                    new ManagerArguments
                    {
                        Home = parsed.GetValue(home),
                        Listen = parsed.GetValue(listen),
                        ConfigurationFile = parsed.GetValue(configuration),
                        User = parsed.GetValue(user),
                        Compatibility = parsed.GetValue(compatibility),
                    }
                );
            },
            home,
            listen,
            web,
            user,
            configuration,
            compatibility
        );
    }
}
