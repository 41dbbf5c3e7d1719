using Redoubt.Config;
using Redoubt.Decide;
using Redoubt.Model;

namespace Redoubt.App.Responses;

/// <summary>The response that a person named: one of the configuration, or a stock one.</summary>
/// <param name="Executable">As a configuration writes it.</param>
/// <param name="Arguments">Extra arguments of its command.</param>
/// <param name="Protocol">How its program is spoken to.</param>
/// <param name="DeadlineSeconds">Of its command; 0 = the enforcer's default.</param>
internal sealed record TestedResponse(string Executable, IReadOnlyList<string> Arguments, ScriptProtocol Protocol, int DeadlineSeconds)
{
    // These act on what really runs; a private network hides nothing of it.
    private static readonly HashSet<string> OnWhatRuns = new(StringComparer.Ordinal)
    {
        "restart-wazuh",
        "restart-ossec.sh",
        "restart.sh",
        "restart-wazuh.exe",
        "restart-ossec.cmd",
    };

    /// <summary>Why a rehearsal would reach beyond itself; null: it does not.</summary>
    internal string? WhyNotRehearsed =>
        OnWhatRuns.Contains(Executable) ? "restarts the agent that really runs, so it is not rehearsed."
        : Executable is "ip-customblock" or "ip-customblock.sh" && !Directory.Exists(Sandbox.CustomBlocks)
            ? $"would make {Sandbox.CustomBlocks} on this host, which has none yet. Make that folder first."
        : null;

    /// <summary>Finds it by internal name (<c>drop600</c>), by command, or by the name of a stock response; null: there is none.</summary>
    internal static TestedResponse? Find(string name, Configuration configuration)
    {
        var command =
            configuration.Decide.Responses.FirstOrDefault(r => string.Equals(r.InternalName, name, StringComparison.Ordinal))?.Command
            ?? configuration.Decide.Responses.FirstOrDefault(r => string.Equals(r.Command.Name, name, StringComparison.Ordinal))?.Command;
        return command is not null ? Of(command)
            : KnownResponses.Programs.Contains(name, StringComparer.Ordinal) ? new TestedResponse(name, [], ScriptProtocol.Auto, 0)
            : null;
    }

    private static TestedResponse Of(CommandOptions command) =>
        new(command.Executable, command.ExtraArguments, command.Protocol, command.DeadlineSeconds);
}
