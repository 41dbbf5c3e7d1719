namespace Redoubt.Engine.Decode;

/// <summary>The kind of log a decoder reads; decides at which root of the rule tree an event starts.</summary>
public enum Category
{
    /// <summary><c>syslog</c>, the default, also for events that no decoder knows.</summary>
    Syslog,

    /// <summary><c>firewall</c></summary>
    Firewall,

    /// <summary><c>ids</c></summary>
    Ids,

    /// <summary><c>web-log</c></summary>
    WebLog,

    /// <summary><c>squid</c></summary>
    Squid,

    /// <summary><c>windows</c></summary>
    Windows,

    /// <summary><c>host-information</c></summary>
    HostInformation,

    /// <summary><c>ossec</c></summary>
    Ossec,
}
