using System.CommandLine;
using Redoubt.App.Up;

namespace Redoubt.App.Commands;

/// <summary><c>redoubt up</c>: everything on this host.</summary>
internal static class UpCommand
{
    internal static Command Create()
    {
        var home = CommonOptions.Home();
        var enforce = new Option<bool>("--enforce") { Description = "With the built-in policy: block, instead of only observing." };
        return Verb.Create(
            "up",
            "Run manager, agent and enforcer on this host.",
            (parsed, _) => UpProcess.RunAsync(parsed.GetValue(home), parsed.GetValue(enforce)),
            home,
            enforce
        );
    }
}
