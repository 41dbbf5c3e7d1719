using System.Globalization;
using System.Text.Json;
using Redoubt.Config;
using Redoubt.Model;
using Redoubt.Show;
using Redoubt.Store;
using Redoubt.Transport.Port;

namespace Redoubt.App.Manager;

/// <summary>What the API asks of the manager.</summary>
internal sealed class ManagerControl(
    HomePaths paths,
    Func<ManagerState> state,
    Func<Task<ReloadView>> reload,
    FleetDesk fleetDesk,
    AgentSessions sessions,
    BlockLedger ledger,
    BlockDesk desk,
    Analysis analysis,
    AlertIndexer index,
    PortGate gate,
    SyslogIntake syslog,
    string configurationFile,
    TimeProvider time
) : IManagerControl
{
    private readonly string _startedAt = IsoTime.Of(time.GetUtcNow().ToUnixTimeMilliseconds());

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <inheritdoc/>
    public Task<StatusView> StatusAsync()
    {
        var current = state();
        var fleet = fleetDesk.Fleet();
        var notReady = fleet
            .Where(a => sessions.Find(a.Id) is null)
            .Select(a => $"agent {a.Id} ({a.Name}) is not connected")
            .Concat(fleet.Count == 0 ? ["no agent has enrolled yet"] : [])
            .Concat(fleet.Where(a => sessions.Find(a.Id) is { HasEnforcer: false }).Select(a => $"agent {a.Id} ({a.Name}) has no enforcer"))
            .Concat(analysis.LedgerProblem is { } problem ? [$"the ledger cannot be written: {problem}"] : [])
            .Concat(analysis.RecordsProblem is { } records ? [$"records cannot be written: {records}"] : [])
            .ToArray();
        var counters = analysis.Counters;
        var fromNetwork = syslog.Counts;
        var lost = fromNetwork.Shed; // came, and never reached the analysis
        HostView[] hosts = [.. fleet.Select(a => sessions.Find(a.Id)).OfType<AgentSession>().Select(View)];
        return Task.FromResult(
            new StatusView(
                Host.ProgramVersion.Text,
                notReady.Length == 0,
                current.Decide.Mode == ResponseMode.Observe ? "observe" : "enforce",
                configurationFile,
                current.Decoders,
                current.Ruleset.Rules.Count,
                fleet.Count(a => sessions.Find(a.Id) is not null),
                fleet.Count,
                ledger.Current(Now).Count,
                hosts.Sum(h => h.BlocksDecided),
                hosts.Sum(h => h.BlocksEnforced),
                hosts,
                desk.OpenBreakers,
                new LineCounters(
                    counters.Received + lost,
                    counters.Processed,
                    counters.Duplicates,
                    counters.Shed + lost,
                    counters.Decoded,
                    counters.Matched,
                    counters.Alerts,
                    counters.Decisions,
                    counters.Truncated,
                    counters.Agents.Sum(a => a.Rate.PerSecond(Now)),
                    LastAt(counters.Agents.Select(a => a.LastArrival).DefaultIfEmpty().Max())
                ),
                new SpoolView(syslog.SpoolPercent, fromNetwork.Received - fromNetwork.Processed - fromNetwork.Shed, fromNetwork.Shed),
                counters.LastIncident is { } incident
                    ? new IncidentView(IsoTime.Of(incident.At), incident.AgentId, incident.AgentName, incident.Text)
                    : null,
                gate.Refused.Where(r => r.Value > 0)
                    .ToDictionary(r => JsonNamingPolicy.SnakeCaseLower.ConvertName(r.Key.ToString()), r => r.Value, StringComparer.Ordinal),
                Path.Combine(paths.Logs, "alerts", "alerts.json"),
                _startedAt,
                notReady
            )
        );
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<AgentView>> AgentsAsync() => Task.FromResult(fleetDesk.All());

    /// <inheritdoc/>
    public Task<AgentView> AgentAsync(string agent) => Task.FromResult(fleetDesk.Show(agent));

    /// <inheritdoc/>
    public Task<AddedAgentView> AddAgentAsync(AddAgentRequest request) => Task.FromResult(fleetDesk.Add(request));

    /// <inheritdoc/>
    public Task<AgentView> RemoveAgentAsync(AgentRequest request) => fleetDesk.RemoveAsync(request.Agent);

    /// <inheritdoc/>
    public Task<RestartView> RestartAgentAsync(AgentRequest request) => fleetDesk.RestartAsync(request.Agent);

    /// <inheritdoc/>
    public Task<AgentConfigView> AgentConfigAsync(string agent) => Task.FromResult(fleetDesk.Config(agent));

    /// <inheritdoc/>
    public Task<TokenView> CreateTokenAsync(TokenRequest request) => Task.FromResult(fleetDesk.Token(request));

    /// <inheritdoc/>
    public Task<IReadOnlyList<GroupView>> GroupsAsync() => Task.FromResult(fleetDesk.Groups());

    /// <inheritdoc/>
    public Task<AgentView> AssignAsync(AssignRequest request) => Task.FromResult(fleetDesk.Assign(request));

    /// <inheritdoc/>
    public Task<IReadOnlyList<AgentView>> RemoveGroupAsync(GroupRequest request) => Task.FromResult(fleetDesk.RemoveGroup(request.Group));

    /// <inheritdoc/>
    public Task<IReadOnlyList<BlockView>> BlocksAsync(bool history)
    {
        var blocks = history ? ledger.Newest(1000) : ledger.Current(Now);
        return Task.FromResult<IReadOnlyList<BlockView>>([.. blocks.Select(View)]);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<BlockView>> RemoveBlocksAsync(string? target, bool forget) =>
        [.. (await desk.RemoveAsync(target, forget)).Select(View)];

    /// <inheritdoc/>
    public async Task<BlockView> AddBlockAsync(AddBlockRequest request) => View(await desk.AddAsync(request));

    /// <inheritdoc/>
    public async Task<BlockView> ExtendBlockAsync(ExtendBlockRequest request) => View(await desk.ExtendAsync(request));

    /// <inheritdoc/>
    public async Task<IReadOnlyList<BlockView>> PromoteBlocksAsync(PromoteRequest request) =>
        [.. (await desk.PromoteAsync(request.Target, request.Author, request.Force)).Select(View)];

    /// <inheritdoc/>
    public async Task<IReadOnlyList<BlockView>> ReleaseBurstAsync(BurstRequest request) =>
        [.. (await desk.ReleaseBurstAsync(request.Keep)).Select(View)];

    /// <inheritdoc/>
    public Task<IReadOnlyList<AllowView>> AllowedAsync() => Task.FromResult(desk.Allowed());

    /// <inheritdoc/>
    public async Task<IReadOnlyList<BlockView>> AllowAsync(AllowRequest request) => [.. (await desk.AllowAsync(request)).Select(View)];

    /// <inheritdoc/>
    public Task<bool> DisallowAsync(DisallowRequest request) => desk.DisallowAsync(request.Entry);

    /// <inheritdoc/>
    public Task<AlertSearchView> SearchAlertsAsync(AlertSearchRequest request) => Task.Run(() => AlertSearch.Run(index, request));

    /// <inheritdoc/>
    public Task<ReloadView> ReloadAsync() => reload();

    private HostView View(AgentSession session)
    {
        var lines = analysis.Counters.Of(session.Identity.Id);
        return new HostView(
            session.Identity.Id,
            session.Identity.Name,
            session.HasEnforcer,
            session.BlocksDecided,
            session.BlocksEnforced,
            session.Repairs,
            session.Spool?.Location,
            session.Spool?.Percent ?? 0,
            new HostLines(
                lines.Received,
                lines.Processed,
                lines.Duplicates,
                lines.Shed,
                lines.Rate.PerSecond(Now),
                LastAt(lines.LastArrival),
                lines.Delay
            )
        );
    }

    private static string? LastAt(long arrival) => arrival == 0 ? null : IsoTime.Of(arrival);

    private BlockView View(LedgerBlock block)
    {
        long? remaining = block.End is { } end ? Math.Max(0, (end - Now + 999) / 1000) : null;
        return new BlockView(
            block.Id,
            block.Target,
            block.User,
            block.Rule,
            block.Description,
            block.AlertId,
            block.Author,
            block.Response,
            block.Hosts.Select(h => h.Step).Append(block.Step).Max(),
            IsoTime.Of(block.Start),
            block.End is { } ends ? IsoTime.Of(ends) : null,
            remaining,
            block.Triggers,
            block.Evidence,
            [
                .. block.Hosts.Select(h => new BlockHostView(
                    h.Agent,
                    BlockLedger.Word(h.State),
                    h.Reason,
                    IsoTime.Of(h.At),
                    h.Ends is { } e ? IsoTime.Of(e) : null,
                    h.Step
                )),
            ]
        );
    }
}
