using System.Text.Json.Serialization;
using Redoubt.Model;

namespace Redoubt.Respond;

/// <summary>One request to the enforcer: a line of JSON on its socket, keys in snake_case.</summary>
/// <remarks>Every field is checked by the enforcer; a wrong one gives <see cref="EnforceOutcome.Refused"/> with the reason.
/// Unknown or repeated keys are refused as well, so that no meaning is lost on the way.</remarks>
// The setters turn null into empty: the reader of JSON sets what a line leaves out to null.
public sealed record EnforceRequest
{
    /// <summary>Most targets of one load.</summary>
    public const int MaxTargets = 8192;

    /// <summary>Comes back in the reply. <see cref="EnforcerClient"/> chooses it on the wire; at most one open request may use a value.</summary>
    [JsonRequired, JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public long Id { get; init; }

    /// <summary>What to do.</summary>
    [JsonRequired, JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public EnforceVerb Verb { get; init; }

    /// <summary>Name of the response. For block, release, read and load one of <see cref="KnownResponses"/>, which chooses what carries it out; null (a
    /// block by a person) is <c>firewall-drop</c>. For run, undo and hold any other: one of ours, or a path below <c>active-response/bin</c>.</summary>
    public string? Response { get; init; }

    /// <summary>Address or prefix, canonical text (see <see cref="Model.BlockTarget"/>). For block, release and read; where the response has one
    /// for run, undo and hold.</summary>
    public string? Target { get; init; }

    /// <summary>For load: addresses or prefixes as in <see cref="Target"/>, each once; at most <see cref="MaxTargets"/>.</summary>
    public string[] Targets
    {
        get;
        init => field = value ?? [];
    } = [];

    /// <summary>For load: how long each of <see cref="Targets"/> still is to be blocked, as in <see cref="DurationMilliseconds"/>.</summary>
    public long[] TargetsDurationMilliseconds
    {
        get;
        init => field = value ?? [];
    } = [];

    /// <summary>For load: for each of <see cref="Targets"/> the time as in <see cref="FirstSeenUnixMilliseconds"/>; empty is 0 for all.</summary>
    public long[] TargetsFirstSeenUnixMilliseconds
    {
        get;
        init => field = value ?? [];
    } = [];

    /// <summary>For watch: the last <see cref="EnforceReply.Incident"/> that was heard of; 0 for none.</summary>
    public long After { get; init; }

    /// <summary>How long from now, in milliseconds; 0 is permanent. More than the kernel can hold (584 years) is cut to that.</summary>
    public long DurationMilliseconds { get; init; }

    /// <summary>The alert as one JSON object, as in <c>alerts.json</c>; null is logged as <c>{}</c>. At most 512 KiB; the log cuts it to 64 KiB.</summary>
    public string? AlertDocument { get; init; }

    /// <summary>Id of the alert, <c>seconds.offset</c>; null when a person asked.</summary>
    public string? AlertId { get; init; }

    /// <summary>Id of the rule; 0 when a person asked.</summary>
    public int RuleId { get; init; }

    /// <summary>The user that the alert names, as it came. Not used by firewall responses. At most 16,384 characters.</summary>
    public string? User { get; init; }

    /// <summary><c>extra_args</c> of the command; at most 64 of at most 2,047 characters.</summary>
    public string[] ExtraArguments
    {
        get;
        init => field = value ?? [];
    } = [];

    /// <summary>Name of the manager, <c>origin.name</c> of the document.</summary>
    public string OriginName
    {
        get;
        init => field = value ?? "";
    } = "";

    /// <summary>The form of the log lines.</summary>
    public ResponseLogForm LogForm { get; init; }

    /// <summary>For run and undo: how a program of the host's owner is spoken to.</summary>
    public ScriptProtocol Protocol { get; init; }

    /// <summary>For run and undo: how long such a program may take; 0 is the default of 60 s, an hour is the most.</summary>
    public long DeadlineMilliseconds { get; init; }

    /// <summary>For hold: the key from the reply to run; null for the target itself.</summary>
    public string? Key { get; init; }

    /// <summary>Addresses or prefixes that must stay reachable besides those the host itself knows: managers above all. At most 1,024.</summary>
    public string[] Protected
    {
        get;
        init => field = value ?? [];
    } = [];

    /// <summary>Unix time in milliseconds of the first line that counted against the source. An administrator's login that began
    /// before it protects the address; 0 (no such line) lets any administrator's login protect.</summary>
    public long FirstSeenUnixMilliseconds { get; init; }

    /// <summary>The target was blocked already by the same response: logged as <c>abort</c> instead of <c>continue</c>; the time is renewed.</summary>
    public bool AlreadyActive { get; init; }
}
