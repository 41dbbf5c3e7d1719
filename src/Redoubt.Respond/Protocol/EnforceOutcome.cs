using System.Text.Json.Serialization;

namespace Redoubt.Respond;

/// <summary>How one request to the enforcer ended.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EnforceOutcome>))]
public enum EnforceOutcome
{
    /// <summary>The target is in the kernel, read back after the change; for a response that was run: it ended with exit code 0.</summary>
    [JsonStringEnumMemberName("enforced")]
    Enforced,

    /// <summary>Nothing was changed, because this host only observes (<c>--firewall null</c>).</summary>
    [JsonStringEnumMemberName("observed")]
    Observed,

    /// <summary>The target is not in the kernel, read back after the change; for a response that was undone: it ended with exit code 0.</summary>
    [JsonStringEnumMemberName("released")]
    Released,

    /// <summary>The target holds an address that is never blocked on this host; nothing was changed, the reason says which and why.</summary>
    [JsonStringEnumMemberName("skipped")]
    Skipped,

    /// <summary>The kernel or a tool refused; the reason says what. Trying again later may help.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>Answer to read: the remaining time says whether the target is there.</summary>
    [JsonStringEnumMemberName("read")]
    Read,

    /// <summary>Answer to hello, list and clear.</summary>
    [JsonStringEnumMemberName("ok")]
    Ok,

    /// <summary>The request itself is wrong; nothing was changed, trying again does not help.</summary>
    [JsonStringEnumMemberName("refused")]
    Refused,

    /// <summary>Too many responses are running; nothing was started, trying again later helps.</summary>
    [JsonStringEnumMemberName("busy")]
    Busy,
}
