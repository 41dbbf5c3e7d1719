using System.CommandLine;

namespace Redoubt.Bench.Commands;

/// <summary>Options that name the programs that are measured.</summary>
internal static class ProgramChoice
{
    /// <summary>The command line, as built in the checkout when nothing is said.</summary>
    public static Option<string> Redoubt() =>
        new("--program")
        {
            Description = "The command line that is measured.",
            DefaultValueFactory = _ => "apps/redoubt/bin/Release/net10.0/redoubt",
            HelpName = "PATH",
        };

    /// <summary>The agent; the published one is what hosts run.</summary>
    public static Option<string> Agent() =>
        new("--agent")
        {
            Description = "The agent that is measured, as published for its memory (dotnet publish apps/redoubt-agent -c Release -o DIR).",
            DefaultValueFactory = _ => "apps/redoubt-agent/bin/Release/net10.0/redoubt-agent",
            HelpName = "PATH",
        };
}
