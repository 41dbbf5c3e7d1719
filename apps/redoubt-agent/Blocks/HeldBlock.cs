using Redoubt.Model;
using Redoubt.Respond;
using Redoubt.Transport.Protocol;

namespace Redoubt.Agent.Blocks;

/// <summary>One block as this host holds it, durably.</summary>
internal sealed record HeldBlock
{
    /// <summary>Id in the manager's ledger.</summary>
    public required ulong Id { get; init; }

    /// <summary>Program of the response.</summary>
    public required string Executable { get; init; }

    /// <summary>Canonical address or prefix; empty for a response against something else.</summary>
    public required string Target { get; init; }

    /// <summary>User the alert names, or null.</summary>
    public string? User { get; init; }

    /// <summary>Triggers acted upon so far.</summary>
    public required uint Triggers { get; init; }

    /// <summary>When it began here, Unix milliseconds.</summary>
    public required long Began { get; init; }

    /// <summary>When it ends, Unix milliseconds; null = until removed. Not required: the journal leaves out what is null.</summary>
    public long? Ends { get; init; }

    /// <summary>Repeated-offender step in force; 0 = none.</summary>
    public int Step { get; init; }

    /// <summary>Alert id of the newest trigger.</summary>
    public string AlertId { get; init; } = string.Empty;

    /// <summary>Rule of the alert.</summary>
    public int RuleId { get; init; }

    /// <summary>The alert as JSON.</summary>
    public string Document { get; init; } = "{}";

    /// <summary>Extra arguments.</summary>
    public string[] Arguments { get; init; } = [];

    /// <summary>Manager's node name.</summary>
    public string Origin { get; init; } = string.Empty;

    /// <summary>First counted line, Unix milliseconds.</summary>
    public long FirstSeen { get; init; }

    /// <summary>How a program is spoken to.</summary>
    public ScriptProtocol Protocol { get; init; }

    /// <summary>Seconds a program may take; 0 = the enforcer's default.</summary>
    public int DeadlineSeconds { get; init; }

    /// <summary>The white list does not count: a person insisted, or the response says so.</summary>
    public bool IgnoresAllowlist { get; init; }

    /// <summary>Key under which a program's response is in force, or null.</summary>
    public string? Key { get; init; }

    /// <summary>A program has left something behind that is undone at the end.</summary>
    public bool NeedsUndo { get; init; }

    /// <summary>What the enforcer last said: enforced, failed, skipped.</summary>
    public string State { get; init; } = "sent";

    /// <summary>Whether the enforcer has confirmed it.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsEnforced => string.Equals(State, "enforced", StringComparison.Ordinal);

    /// <summary>What carries it out: two blocks of one target share an entry only where this is the same.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string BackEnd => KnownResponses.BackEndOf(Executable) ?? Executable;

    /// <summary>Whether a program carries it out, and not the firewall.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsProgram => !KnownResponses.IsFirewall(Executable);

    /// <summary>What it acts on, for people and for counting: the address, else the user.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string Subject => Target.Length > 0 ? Target : User ?? string.Empty;

    /// <summary>Why, where the state needs it.</summary>
    public string? Reason { get; init; }

    /// <summary>A block as an order describes it.</summary>
    /// <param name="order">The order.</param>
    /// <param name="began">Unix milliseconds.</param>
    /// <param name="ends">Unix milliseconds; null = until removed.</param>
    public static HeldBlock Of(BlockOrder order, long began, long? ends) =>
        new()
        {
            Id = order.Block,
            Executable = order.Executable,
            Target = order.Target,
            User = order.User.Length == 0 ? null : order.User,
            Triggers = order.Triggers,
            Began = began,
            Ends = ends,
            AlertId = order.AlertId,
            RuleId = order.RuleId,
            Document = order.Document,
            Arguments = [.. order.Arguments],
            Origin = order.Origin,
            FirstSeen = order.FirstSeen,
            Protocol = order.Protocol switch
            {
                "json" => ScriptProtocol.Json,
                "argv" => ScriptProtocol.Arguments,
                _ => ScriptProtocol.Auto,
            },
            DeadlineSeconds = order.Deadline,
            IgnoresAllowlist = order.IgnoreAllow,
        };
}
