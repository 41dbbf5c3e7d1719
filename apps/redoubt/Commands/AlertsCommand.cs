using System.CommandLine;

namespace Redoubt.App.Commands;

/// <summary><c>redoubt alerts</c>.</summary>
internal static class AlertsCommand
{
    internal static Command Create() =>
        Verb.Group("alerts", "See alerts.", AlertsTailCommand.Create(), AlertsSearchCommand.Create(), AlertsShowCommand.Create());
}
