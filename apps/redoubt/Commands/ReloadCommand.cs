using System.CommandLine;
using Redoubt.Host;
using Redoubt.Model;
using Redoubt.Show;

namespace Redoubt.App.Commands;

/// <summary><c>redoubt reload</c>.</summary>
internal static class ReloadCommand
{
    internal static Command Create()
    {
        var home = CommonOptions.Home();
        var json = CommonOptions.Json();
        return Verb.Create(
            "reload",
            "Read configuration and rules again; with an error everything stays as it is.",
            async (parsed, _) =>
            {
                var paths = CommonOptions.PathsOf(parsed.GetValue(home));
                var agent = SingleInstance.HolderOf(Path.Combine(paths.State, "agent.lock"));
                if (agent is { } id && !Signals.Send(id, Signals.HangUp))
                    throw new StartException($"The agent (process {id}) may not be signalled; try with sudo.", StartException.Unreachable);

                if (agent is not null && !File.Exists(paths.ManagerSocket))
                {
                    Say(
                        parsed.GetValue(json),
                        new ReloadView(true, []),
                        "The agent reads its configuration again; what came of it stands in its log."
                    );
                    return 0;
                }

                using var client = new ManagerClient(paths);
                var result = await client.PostAsync<ReloadView>("reload");
                Say(parsed.GetValue(json), result, result.Applied ? "Reloaded." : "Not reloaded: what was in force stays in force.");
                return result.Applied ? 0 : StartException.Refused;
            },
            home,
            json
        );
    }

    private static void Say(bool asJson, ReloadView result, string sentence)
    {
        if (asJson)
        {
            Terminal.PrintJson([result]);
            return;
        }

        foreach (var diagnostic in result.Diagnostics.Where(d => d.Severity != Severity.Note))
            Console.Error.WriteLine(Terminal.Plain(diagnostic.ToString()));

        Console.Out.WriteLine(sentence);
    }
}
