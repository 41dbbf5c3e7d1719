using System.CommandLine;
using Redoubt.Host;

namespace Redoubt.App.Commands;

/// <summary><c>redoubt version</c>.</summary>
internal static class VersionCommand
{
    internal static Command Create()
    {
        var json = CommonOptions.Json();
        return Verb.Create(
            "version",
            "Tell the version.",
            (parsed, _) =>
            {
                if (parsed.GetValue(json))
                    Terminal.PrintJson([new { version = ProgramVersion.Text, runtime = Environment.Version.ToString() }]);
                else
                    Console.Out.WriteLine($"Redoubt {ProgramVersion.Text} (.NET {Environment.Version})");

                return Task.FromResult(0);
            },
            json
        );
    }
}
