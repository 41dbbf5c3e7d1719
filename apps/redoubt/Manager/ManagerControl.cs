using System.Globalization;
using Redoubt.Config;
using Redoubt.Model;
using Redoubt.Show;
using Redoubt.Store;
using Redoubt.Transport.Certificates;

namespace Redoubt.App.Manager;

/// <summary>What the API asks of the manager.</summary>
internal sealed class ManagerControl(
    HomePaths paths,
    Func<ManagerState> state,
    Func<Task<ReloadView>> reload,
    AgentRegistry agents,
    AgentSessions sessions,
    BlockLedger ledger,
    BlockDesk desk,
    Analysis analysis,
    SyslogIntake syslog,
    CertificateAuthority authority,
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
        var fleet = Fleet();
        var notReady = fleet
            .Where(a => sessions.Find(a.Id) is null)
            .Select(a => $"agent {a.Id} ({a.Name}) is not connected")
            .Concat(fleet.Length == 0 ? ["no agent has enrolled yet"] : [])
            .Concat(fleet.Where(a => sessions.Find(a.Id) is { HasEnforcer: false }).Select(a => $"agent {a.Id} ({a.Name}) has no enforcer"))
            .Concat(analysis.LedgerProblem is { } problem ? [$"the ledger cannot be written: {problem}"] : [])
            .ToArray();
        var counters = analysis.Counters;
        var lost = syslog.Counts.Shed; // came, and never reached the analysis
        HostBlocksView[] hosts =
        [
            .. fleet
                .Select(a => sessions.Find(a.Id))
                .OfType<AgentSession>()
                .Select(s => new HostBlocksView(s.Identity.Id, s.Identity.Name, s.BlocksDecided, s.BlocksEnforced)),
        ];
        return Task.FromResult(
            new StatusView(
                Host.ProgramVersion.Text,
                notReady.Length == 0,
                current.Decide.Mode == ResponseMode.Observe ? "observe" : "enforce",
                configurationFile,
                current.Decoders,
                current.Ruleset.Rules.Count,
                fleet.Count(a => sessions.Find(a.Id) is not null),
                fleet.Length,
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
                    counters.Truncated
                ),
                Path.Combine(paths.Logs, "alerts", "alerts.json"),
                _startedAt,
                notReady
            )
        );
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<AgentView>> AgentsAsync() => Task.FromResult<IReadOnlyList<AgentView>>([.. Fleet().Select(View)]);

    /// <inheritdoc/>
    public Task<TokenView> CreateTokenAsync(TokenRequest request)
    {
        var token = EnrolmentToken.Create(authority.Fingerprint);
        var expires = Now + (request.ExpiresSeconds * 1000);
        agents.AddToken(token.SecretHash, request.Group, request.Uses, expires);
        return Task.FromResult(new TokenView(token.ToString(), authority.Fingerprint, IsoTime.Of(expires)));
    }

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
    public Task<ReloadView> ReloadAsync() => reload();

    // The manager's own host counts once an agent runs on it.
    private AgentRecord[] Fleet() => [.. agents.All().Where(a => a.Id != "000" || a.LastSeen > 0)];

    private AgentView View(AgentRecord agent)
    {
        var session = sessions.Find(agent.Id);
        var word =
            session is not null ? "active"
            : agent.LastSeen == 0 ? "never_connected"
            : "disconnected";
        return new AgentView(
            agent.Id,
            agent.Name,
            agent.Groups,
            word,
            agent.Address,
            agent.Version,
            agent.Os,
            session?.HasEnforcer ?? false,
            session is not null ? IsoTime.Of(Now)
                : agent.LastSeen == 0 ? null
                : IsoTime.Of(agent.LastSeen),
            IsoTime.Of(agent.Registered),
            agent.ConfigSha256,
            agent.ConfigApplied,
            agent.ConfigReason,
            session?.LinesReceived ?? 0,
            session?.BlocksDecided ?? 0,
            session?.BlocksEnforced ?? 0,
            session?.Repairs ?? 0
        );
    }

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
