using System.Text.Json.Serialization;

namespace Redoubt.Respond;

/// <summary>The answer to one <see cref="EnforceRequest"/>.</summary>
// The setters turn null into empty: the reader of JSON sets what a line leaves out to null.
public sealed record EnforceReply
{
    /// <summary>The id of the request; 0 where it could not be read.</summary>
    [JsonRequired, JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public long Id { get; init; }

    /// <summary>How it ended.</summary>
    [JsonRequired, JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public EnforceOutcome Outcome { get; init; }

    /// <summary>One line of plain text: why not, or what else happened on the way. Null when there is nothing to say.</summary>
    public string? Reason { get; init; }

    /// <summary>What the kernel says is left, in milliseconds; -1 is permanent, 0 is not there.</summary>
    public long RemainingMilliseconds { get; init; }

    /// <summary>For list: the targets in the kernel, canonical text.</summary>
    public string[] Targets
    {
        get;
        init => field = value ?? [];
    } = [];

    /// <summary>For list: what is left of each of <see cref="Targets"/>, as in <see cref="RemainingMilliseconds"/>.
    /// For load: the same for each target of the request, in its order; 0 for those that are in <see cref="NotEnforced"/>.</summary>
    public long[] TargetsRemainingMilliseconds
    {
        get;
        init => field = value ?? [];
    } = [];

    /// <summary>For load: the targets that are not blocked, and why.</summary>
    public NotEnforced[] NotEnforced
    {
        get;
        init => field = value ?? [];
    } = [];

    /// <summary>For load: how many targets were missing and have been put there.</summary>
    public int Restored { get; init; }

    /// <summary>For watch: the number of the incident; the reason tells it, <see cref="Restored"/> counts what was put back, <see cref="Lost"/>
    /// what could not be.</summary>
    public long Incident { get; init; }

    /// <summary>For watch: blocks that are missing; the enforcer goes on trying.</summary>
    public int Lost { get; init; }

    /// <summary>For clear: how many were taken out.</summary>
    public int Cleared { get; init; }

    /// <summary>For block: open TCP connections of the target that were ended.</summary>
    public int SocketsClosed { get; init; }

    /// <summary>For block: connection tracking entries of the target that were deleted.</summary>
    public int ConnectionsForgotten { get; init; }

    /// <summary>For run and undo: the program's exit code; null when it was not started or did not end by itself.</summary>
    public int? ExitCode { get; init; }

    /// <summary>For run and undo: the end of what the program wrote to standard error; null for nothing.</summary>
    public string? ErrorText { get; init; }

    /// <summary>For run and undo: how long it took.</summary>
    public long TookMilliseconds { get; init; }

    /// <summary>For run: the key under which the response is in force; comes back with <see cref="EnforceVerb.Hold"/>.</summary>
    public string? Key { get; init; }

    /// <summary>For run: it has left something behind that has to be undone at the end of its time.</summary>
    public bool NeedsUndo { get; init; }

    /// <summary>On the wire only: another line for the same id follows. <see cref="EnforcerClient"/> joins them.</summary>
    public bool More { get; init; }
}
