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
                using var client = new ManagerClient(CommonOptions.PathsOf(parsed.GetValue(home)));
                var result = await client.PostAsync<ReloadView>("reload");
                if (parsed.GetValue(json))
                {
                    Terminal.PrintJson([result]);
                }
                else
                {
                    foreach (var diagnostic in result.Diagnostics.Where(d => d.Severity != Severity.Note))
                        await Console.Error.WriteLineAsync(Terminal.Plain(diagnostic.ToString()));

                    Console.Out.WriteLine(result.Applied ? "Reloaded." : "Not reloaded: what was in force stays in force.");
                }

                return result.Applied ? 0 : StartException.Refused;
            },
            home,
            json
        );
    }
}
