using Redoubt.Model;

namespace Redoubt.Store;

/// <summary>One block in the ledger, with where it stands on each host.</summary>
public sealed record LedgerBlock
{
    /// <summary>Unique for ever.</summary>
    public required long Id { get; init; }

    /// <summary>Internal name of the response.</summary>
    public required string Response { get; init; }

    /// <summary>Its program.</summary>
    public required string Executable { get; init; }

    /// <summary>Canonical address or prefix; empty when the response acts on something else.</summary>
    public required string Target { get; init; }

    /// <summary>User the alert names, or null.</summary>
    public string? User { get; init; }

    /// <summary>Rule id; 0 when a person decided.</summary>
    public required int Rule { get; init; }

    /// <summary>What happened, for people.</summary>
    public required string Description { get; init; }

    /// <summary>Id of the newest alert that asked for it.</summary>
    public required string AlertId { get; init; }

    /// <summary><c>rule</c>, or who decided.</summary>
    public required string Author { get; init; }

    /// <summary>When it was decided, Unix milliseconds.</summary>
    public required long Start { get; init; }

    /// <summary>How long it was decided for: the timeout of the response, or of the ladder's step; 0 = until removed.</summary>
    public required long Seconds { get; init; }

    /// <summary>Times it was asked for.</summary>
    public required int Triggers { get; init; }

    /// <summary>When it was last asked for, Unix milliseconds.</summary>
    public required long LastTrigger { get; init; }

    /// <summary>First counted line of the source, Unix milliseconds.</summary>
    public required long FirstSeen { get; init; }

    /// <summary>The alert as JSON.</summary>
    public required string Document { get; init; }

    /// <summary>Extra arguments of the command.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>The lines that led here.</summary>
    public required IReadOnlyList<string> Evidence { get; init; }

    /// <summary>A person asked for it last: the time holds exactly, and is no offence of the target.</summary>
    public bool ByPerson { get; init; }

    /// <summary>Step of the manager's ladder that decided the time; 0 = the response's own timeout.</summary>
    public int Step { get; init; }

    /// <summary>Recorded only.</summary>
    public required bool Observe { get; init; }

    /// <summary>Someone removed it.</summary>
    public required bool Removed { get; init; }

    /// <summary>And with it the repeated-offender step.</summary>
    public required bool Forget { get; init; }

    /// <summary>Hosts, by agent id.</summary>
    public required IReadOnlyList<LedgerHost> Hosts { get; init; }

    /// <summary>The latest end over its hosts, Unix milliseconds; null = until removed.</summary>
    public long? End => Hosts.Count == 0 || Hosts.Any(h => h.Ends is null) ? null : Hosts.Max(h => h.Ends);

    /// <summary>Whether it still matters: not released everywhere, and not past its end, when the kernel drops it by itself.</summary>
    public bool IsCurrent(long now) => Hosts.Any(h => h.IsCurrent(now));
}
