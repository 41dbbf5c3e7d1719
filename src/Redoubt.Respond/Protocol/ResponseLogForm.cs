using System.Text.Json.Serialization;

namespace Redoubt.Respond;

/// <summary>The form of the lines in <c>active-responses.log</c> (<c>&lt;active_response_log&gt;</c>).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ResponseLogForm>))]
public enum ResponseLogForm
{
    /// <summary>As Wazuh 4.2 and later: <c>YYYY/MM/DD HH:MM:SS active-response/bin/NAME: {…}</c>. The default.</summary>
    [JsonStringEnumMemberName("json")]
    Json,

    /// <summary>As OSSEC and Wazuh up to 4.1: <c>DATE /path/NAME add - ADDRESS ALERT RULE</c>.</summary>
    [JsonStringEnumMemberName("legacy")]
    Legacy,

    /// <summary>Both, the JSON form first.</summary>
    [JsonStringEnumMemberName("both")]
    Both,

    /// <summary>Nothing is written: a block that was logged before is only put back into the kernel.</summary>
    [JsonStringEnumMemberName("none")]
    None,
}
