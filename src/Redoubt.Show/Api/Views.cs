using Redoubt.Model;

// The API's messages: plain records that belong together, so they stand in one file. Names on the wire are snake_case;
// times are ISO 8601 in UTC; durations are seconds.
namespace Redoubt.Show;

/// <summary>How the manager and its fleet are.</summary>
/// <param name="Spool">Lines from the network that wait at the manager.</param>
/// <param name="Incident">The newest alert of Redoubt's own, or repair of a firewall, since the manager's start; null: none.</param>
/// <param name="Refused">Peers that the agents' port sent away since the start, by reason; a reason that never occurred is left out.</param>
public sealed record StatusView(
    string Version,
    bool Ready,
    string Mode,
    string Configuration,
    int Decoders,
    int Rules,
    int AgentsActive,
    int AgentsTotal,
    int Blocks,
    int BlocksDecided,
    int BlocksEnforced,
    IReadOnlyList<HostView> Hosts,
    IReadOnlyList<string> OpenBreakers,
    LineCounters Lines,
    SpoolView Spool,
    IncidentView? Incident,
    IReadOnlyDictionary<string, long> Refused,
    string AlertsFile,
    string StartedAt,
    IReadOnlyList<string> NotReady
);

/// <summary>A connected host: how many blocks it has to hold, how many of them were read back from its kernel, and what became of its lines.</summary>
/// <param name="Enforcer">Whether its enforcer answers.</param>
/// <param name="Repairs">Times since the agent's start that its firewall had to be repaired.</param>
/// <param name="SpoolLocation">The spool of a command's output that filled last in this connection; null: none did.</param>
/// <param name="SpoolPercent">How full that was: 50, 70, 90; 100: something was shed.</param>
public sealed record HostView(
    string Id,
    string Name,
    bool Enforcer,
    int BlocksDecided,
    int BlocksEnforced,
    long Repairs,
    string? SpoolLocation,
    int SpoolPercent,
    HostLines Lines
);

/// <summary>What became of the lines of a host since the manager's start: received = processed + duplicates + shed.</summary>
/// <param name="PerSecond">Over the last ten seconds.</param>
/// <param name="LastAt">When the newest came to the host, by its clock; null before the first.</param>
/// <param name="DelayMs">How long after that it was processed and stored.</param>
public sealed record HostLines(long Received, long Processed, long Duplicates, long Shed, double PerSecond, string? LastAt, long DelayMs);

/// <summary>What became of the lines since the manager's start: received = processed + duplicates + shed.</summary>
public sealed record LineCounters(
    long Received,
    long Processed,
    long Duplicates,
    long Shed,
    long Decoded,
    long Matched,
    long Alerts,
    long Decisions,
    long Truncated,
    double PerSecond,
    string? LastAt
);

/// <summary>A spool: how full it is, and the lines in it.</summary>
public sealed record SpoolView(int Percent, long Waiting, long Shed);

/// <summary>Something that an operator should know of.</summary>
public sealed record IncidentView(string At, string AgentId, string AgentName, string Text);

/// <summary>One agent.</summary>
public sealed record AgentView(
    string Id,
    string Name,
    IReadOnlyList<string> Groups,
    string State,
    string? Address,
    string? Version,
    string? Os,
    bool Enforcer,
    string? LastSeen,
    string Registered,
    string? ConfigSha256,
    bool? ConfigApplied,
    string? ConfigReason,
    long LinesReceived,
    int BlocksDecided,
    int BlocksEnforced,
    long Repairs,
    IReadOnlyList<string> Addresses,
    IReadOnlyDictionary<string, string> Labels,
    string? Started,
    string? Connected,
    string? Disconnected,
    string? CertificateEnds
);

/// <summary>Names an agent by its id or its name.</summary>
public sealed record AgentRequest(string Agent);

/// <summary>Asks for an agent that no host uses yet.</summary>
public sealed record AddAgentRequest(string Name, IReadOnlyList<string> Groups, long ExpiresSeconds);

/// <summary>An agent that was added, and the token for its host, printed once.</summary>
public sealed record AddedAgentView(string Id, string Name, IReadOnlyList<string> Groups, string Token, string CaSha256, string Expires);

/// <summary>What a restart came to: restarted; reloaded, where nobody would start the agent again; or failed, with the reason.</summary>
public sealed record RestartView(string Id, string Name, string Outcome, string? Reason, double Seconds);

/// <summary>The shared configuration of an agent.</summary>
/// <param name="State">none; applied: what its groups say now; waiting: to be sent or not yet reported; failed, with the reason;
/// invalid: a file of its groups has errors, and it keeps what it has.</param>
/// <param name="Sha256">What it runs with, or null.</param>
/// <param name="WantedSha256">What its groups say now, or null.</param>
/// <param name="Content">What it runs with; null when there is none, or it is not known here.</param>
public sealed record AgentConfigView(
    string Id,
    string Name,
    IReadOnlyList<string> Groups,
    string State,
    string? Sha256,
    string? WantedSha256,
    string? Reason,
    string? ReportedAt,
    string? Content
);

/// <summary>A group of agents and its file.</summary>
public sealed record GroupView(
    string Name,
    IReadOnlyList<string> Agents,
    string File,
    bool Valid,
    string? Sha256,
    IReadOnlyList<Diagnostic> Problems
);

/// <summary>Puts an agent into groups, in this order; with <paramref name="Append"/> behind those it is in.</summary>
public sealed record AssignRequest(string Agent, IReadOnlyList<string> Groups, bool Append);

/// <summary>Names a group.</summary>
public sealed record GroupRequest(string Group);

/// <summary>Asks for a token.</summary>
/// <param name="Group">Groups of the agents that are made with it, separated by commas.</param>
/// <param name="Agent">The one agent that it is for, which keeps its id, name and groups; null: each use makes a new agent.</param>
public sealed record TokenRequest(string Group, int Uses, long ExpiresSeconds, string? Agent = null);

/// <summary>A token, printed once.</summary>
public sealed record TokenView(string Token, string CaSha256, string Expires);

/// <summary>One block.</summary>
public sealed record BlockView(
    long Id,
    string Target,
    string? User,
    int Rule,
    string Description,
    string AlertId,
    string Author,
    string Response,
    int Step,
    string Start,
    string? End,
    long? RemainingS,
    int Triggers,
    IReadOnlyList<string> Evidence,
    IReadOnlyList<BlockHostView> Hosts
);

/// <summary>A block on one host.</summary>
public sealed record BlockHostView(string Agent, string State, string? Reason, string At, string? End, int Step);

/// <summary>What a reload came to.</summary>
public sealed record ReloadView(bool Applied, IReadOnlyList<Diagnostic> Diagnostics);

/// <summary>Asks for the release of blocks.</summary>
public sealed record RemoveRequest(string? Target, bool Forget);

/// <summary>Asks for a block.</summary>
/// <param name="Seconds">How long; 0 = until it is removed.</param>
/// <param name="Hosts">Ids or names; with <paramref name="Groups"/> and <paramref name="Fleet"/> empty it must be plain which one is meant.</param>
/// <param name="Force">Also when the white list protects the target.</param>
public sealed record AddBlockRequest(
    string Target,
    long Seconds,
    IReadOnlyList<string> Hosts,
    IReadOnlyList<string> Groups,
    bool Fleet,
    string Why,
    string Author,
    bool Force
);

/// <summary>Asks for more time, counted from now.</summary>
public sealed record ExtendBlockRequest(string Target, long Seconds, string Author);

/// <summary>Asks to make blocks of what was observed; null target: all of it.</summary>
public sealed record PromoteRequest(string? Target, string Author, bool Force = false);

/// <summary>Asks to close the breaker; with <paramref name="Keep"/> the blocks of the burst stay.</summary>
public sealed record BurstRequest(bool Keep);

/// <summary>Asks to protect an address, prefix or pattern; 0 seconds = until it is removed.</summary>
public sealed record AllowRequest(string Entry, long Seconds, string Why, string Author);

/// <summary>Asks to protect it no longer.</summary>
public sealed record DisallowRequest(string Entry);

/// <summary>Something that is protected.</summary>
public sealed record AllowView(string Entry, string Why, string Author, string? Since, string? Until);
