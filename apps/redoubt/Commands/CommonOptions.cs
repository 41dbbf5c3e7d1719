using System.CommandLine;
using Redoubt.Config;
using Redoubt.Engine;
using Redoubt.Host;

namespace Redoubt.App.Commands;

/// <summary>Options that several verbs share.</summary>
internal static class CommonOptions
{
    internal static Option<string?> Home() =>
        new("--home") { Description = "Folder that holds everything; default: REDOUBT_HOME, else the installed places." };

    internal static Option<bool> Json() => new("--json") { Description = "One JSON object a line." };

    internal static Option<Compatibility?> Compatibility() =>
        new("--compatibility") { Description = "strict reproduces what Wazuh does where Redoubt does better; default: best." };

    /// <summary>The parser takes an option that it does not know for an argument; a person who mistyped one wants to hear of it.</summary>
    /// <exception cref="StartException">One of the arguments looks like an option.</exception>
    internal static void RefuseOptions(ParseResult parsed, params IEnumerable<string?> arguments)
    {
        // Behind "--" everything is an argument.
        if (parsed.Tokens.Any(t => t.Type == System.CommandLine.Parsing.TokenType.DoubleDash))
            return;

        if (arguments.FirstOrDefault(a => a is ['-', _, ..] && !a.Any(char.IsWhiteSpace)) is { } option)
            throw new StartException($"There is no option '{Terminal.Plain(option)}'; see --help.", StartException.Usage);
    }

    internal static HomePaths PathsOf(string? home) => HomePaths.Of(home);

    /// <summary>Whoever names a folder wants that one: a mistyped name must not pass for an empty one.</summary>
    /// <exception cref="StartException">One is missing, or is no folder.</exception>
    internal static void RequireFolders(IEnumerable<string?> folders)
    {
        foreach (var folder in folders.OfType<string>())
        {
            if (!Directory.Exists(folder))
                throw new StartException($"There is no folder '{Terminal.Plain(folder)}'.", StartException.Unreachable);
        }
    }
}
