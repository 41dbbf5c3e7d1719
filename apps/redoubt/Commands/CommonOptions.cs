using System.CommandLine;
using Redoubt.Config;
using Redoubt.Engine;

namespace Redoubt.App.Commands;

/// <summary>Options that several verbs share.</summary>
internal static class CommonOptions
{
    internal static Option<string?> Home() =>
        new("--home") { Description = "Folder that holds everything; default: REDOUBT_HOME, else the installed places." };

    internal static Option<bool> Json() => new("--json") { Description = "One JSON object a line." };

    internal static Option<Compatibility?> Compatibility() =>
        new("--compatibility") { Description = "strict reproduces what Wazuh does where Redoubt does better; default: best." };

    internal static HomePaths PathsOf(string? home) => HomePaths.Of(home);
}
