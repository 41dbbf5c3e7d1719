using System.Text.Json.Serialization;

namespace Redoubt.Respond;

/// <summary>What the enforcer is asked to do.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EnforceVerb>))]
public enum EnforceVerb
{
    /// <summary>Answers <see cref="EnforceOutcome.Ok"/>; the reason holds name and version of the enforcer.</summary>
    [JsonStringEnumMemberName("hello")]
    Hello,

    /// <summary>Puts the target into the kernel set, or renews it there; ends its open connections.</summary>
    [JsonStringEnumMemberName("block")]
    Block,

    /// <summary>Takes the target out of the kernel set. Fine when it is not there.</summary>
    [JsonStringEnumMemberName("release")]
    Release,

    /// <summary>Reads one target back from the kernel.</summary>
    [JsonStringEnumMemberName("read")]
    Read,

    /// <summary>Reads all targets back from the kernel.</summary>
    [JsonStringEnumMemberName("list")]
    List,

    /// <summary>Takes every target out of the kernel sets.</summary>
    [JsonStringEnumMemberName("clear")]
    Clear,

    /// <summary>Makes sure of many targets that were blocked before: those that are there keep their time, missing ones are put there. Nothing is
    /// written to the response log, and no open connection is looked for.</summary>
    [JsonStringEnumMemberName("load")]
    Load,

    /// <summary>Answers when the enforcer has had to repair something: see <see cref="EnforceReply.Incident"/>. Until then it is open.</summary>
    [JsonStringEnumMemberName("watch")]
    Watch,

    /// <summary>Runs a response that is not the firewall's: a program of <c>active-response/bin</c> with <c>add</c>, or one of ours.</summary>
    [JsonStringEnumMemberName("run")]
    Run,

    /// <summary>Undoes such a response: <c>delete</c>.</summary>
    [JsonStringEnumMemberName("undo")]
    Undo,

    /// <summary>Tells an enforcer that has been started anew which response is in force; nothing is run.</summary>
    [JsonStringEnumMemberName("hold")]
    Hold,
}
