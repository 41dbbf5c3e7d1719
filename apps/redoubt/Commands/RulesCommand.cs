using System.CommandLine;

namespace Redoubt.App.Commands;

/// <summary><c>redoubt rules list|show|tree|test|coverage</c>.</summary>
internal static class RulesCommand
{
    internal static Command Create() =>
        Verb.Group(
            "rules",
            "Look at rules, and test them.",
            RulesListCommand.Create(),
            RulesShowCommand.Create(),
            RulesTreeCommand.Create(),
            RulesTestCommand.Create(),
            RulesCoverageCommand.Create()
        );
}
