namespace Redoubt.Config;

/// <summary><c>&lt;active_response_log&gt;</c>: the form of active-responses.log.</summary>
public enum ResponseLogChoice
{
    /// <summary>The form of Wazuh 4.2 and later.</summary>
    Json,

    /// <summary>The form of the older shell scripts.</summary>
    Legacy,

    /// <summary>Both, one after the other.</summary>
    Both,
}
