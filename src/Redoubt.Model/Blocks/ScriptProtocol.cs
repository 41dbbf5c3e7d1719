using System.Text.Json.Serialization;

namespace Redoubt.Model;

/// <summary>How a response program is spoken to (<c>&lt;protocol&gt;</c> of a command).</summary>
/// <remarks>Source: active-response.md section 7 [D].</remarks>
[JsonConverter(typeof(JsonStringEnumConverter<ScriptProtocol>))]
public enum ScriptProtocol
{
    /// <summary>Names ending in <c>.sh</c>, <c>.cmd</c> or <c>.bat</c> get the arguments of OSSEC and the JSON line too; others JSON alone. The default.</summary>
    [JsonStringEnumMemberName("auto")]
    Auto,

    /// <summary>The JSON line of Wazuh 4.2 and later, with the exchange of keys.</summary>
    [JsonStringEnumMemberName("json")]
    Json,

    /// <summary>The arguments of OSSEC and Wazuh before 4.2; nothing on standard input.</summary>
    [JsonStringEnumMemberName("argv")]
    Arguments,
}
