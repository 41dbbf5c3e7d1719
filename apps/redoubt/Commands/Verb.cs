using System.CommandLine;
using System.CommandLine.Parsing;
using Redoubt.Host;

namespace Redoubt.App.Commands;

/// <summary>Makes verbs: what they do ends with a code, and a problem with one line.</summary>
internal static class Verb
{
    internal static Command Create(
        string name,
        string description,
        Func<ParseResult, CancellationToken, Task<int>> action,
        params Symbol[] symbols
    )
    {
        var command = new Command(name, description);
        foreach (var symbol in symbols)
        {
            if (symbol is Option option)
                command.Options.Add(option);
            else if (symbol is Argument argument)
                command.Arguments.Add(argument);
            else if (symbol is Command child)
                command.Subcommands.Add(child);
        }

        command.SetAction((parsed, cancellation) => StartGuard.RunAsync(WordsOf(parsed), () => action(parsed, cancellation)));
        return command;
    }

    // "blocks add", so that a message names what was typed.
    private static string WordsOf(ParseResult parsed)
    {
        var words = new Stack<string>();
        for (SymbolResult? at = parsed.CommandResult; at is CommandResult { Parent: not null } command; at = at.Parent)
            words.Push(command.Command.Name);

        return string.Join(' ', words);
    }

    /// <summary>A verb that only holds others.</summary>
    internal static Command Group(string name, string description, params Command[] children)
    {
        var command = new Command(name, description);
        foreach (var child in children)
            command.Subcommands.Add(child);

        return command;
    }
}
