using System.Globalization;

namespace Redoubt.Respond.Scripts;

/// <summary><c>restart-wazuh</c>: restarts this host's agent; blocks stay.</summary>
/// <remarks>Where a service manager or <c>redoubt up</c> keeps the agent, it is started anew; one that nobody would start again is told to read its
/// configuration again instead, which is what the restart is for. The file with the agent's number belongs to the agent's user, so a process that
/// is not an agent of that user is never touched.</remarks>
internal sealed class RestartAgent(string home) : IStockResponse
{
    private readonly string idFile = Path.Join(home, "queue", "agent.pid");

    /// <inheritdoc/>
    public IReadOnlyList<string> Names { get; } = ["restart-wazuh", "restart-ossec.sh"];

    /// <inheritdoc/>
    public bool IsUndone => false;

    /// <inheritdoc/>
    public string Subject(Order order, out string? problem)
    {
        problem = null;
        return "agent";
    }

    /// <inheritdoc/>
    public StockResult Add(Order order, string subject, CancellationToken stopping)
    {
        try
        {
            return AgentProcess() is { } process ? Restart(process, stopping) : StockResult.Failed("no agent of this home is running");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return StockResult.Failed(e.Message);
        }
    }

    /// <inheritdoc/>
    public StockResult Delete(Order order, string subject, CancellationToken stopping) =>
        new(EnforceOutcome.Released, "there is nothing to undo");

    private static StockResult Restart(int process, CancellationToken stopping)
    {
        var parent = Status(process, "PPid");
        var unit = File.ReadAllText(Proc(process, "cgroup")).Trim().Split('/')[^1];
        if (parent == 1 && unit.EndsWith(".service", StringComparison.Ordinal))
        {
            var result = SystemTool.Run("systemctl", ["--no-block", "restart", unit], default, stopping, out var problem);
            return result is { Succeeded: true }
                ? new StockResult(EnforceOutcome.Enforced, $"the service {unit} is restarted")
                : StockResult.Failed(problem ?? result!.Summary);
        }

        var isKept = parent > 1 && Path.GetFileName(ProgramOf((int)parent)) == "redoubt";
        return ChildNative.Kill(process, isKept ? ChildNative.SignalTerminate : ChildNative.SignalHangUp) == 0
            ? new StockResult(
                EnforceOutcome.Enforced,
                isKept ? "the agent is restarted" : "the agent reads its configuration again (nobody would start it again)"
            )
            : StockResult.Failed("the agent has just ended");
    }

    private int? AgentProcess()
    {
        if (PosixFile.Look(idFile) is not { IsRegular: true } file)
            return null;
        if (
            !int.TryParse(File.ReadAllText(idFile).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var process)
            || process <= 1
            || !Directory.Exists(Proc(process, ""))
        )
            return null;

        var isAgent = Path.GetFileName(ProgramOf(process)) == "redoubt-agent" && Status(process, "Uid") == file.Owner;
        return isAgent ? process : null;
    }

    private static string ProgramOf(int process) =>
        File.ResolveLinkTarget(Proc(process, "exe"), returnFinalTarget: false)?.FullName is { } path
            ? path.EndsWith(" (deleted)", StringComparison.Ordinal)
                ? path[..^" (deleted)".Length]
                : path
            : "";

    private static long Status(int process, string key)
    {
        var line = File.ReadLines(Proc(process, "status")).First(l => l.StartsWith(key + ":", StringComparison.Ordinal));
        return long.Parse(line[(key.Length + 1)..].Split('\t', StringSplitOptions.RemoveEmptyEntries)[0], CultureInfo.InvariantCulture);
    }

    private static string Proc(int process, string file) => Path.Join("/proc", process.ToString(CultureInfo.InvariantCulture), file);
}
