namespace Redoubt.Model;

/// <summary>Where a response runs; several may be given and are united.</summary>
[Flags]
public enum ResponseHosts
{
    /// <summary>Nowhere; not a valid configuration.</summary>
    None = 0,

    /// <summary>The host whose line raised the alert.</summary>
    Local = 1,

    /// <summary>The manager's own host.</summary>
    Server = 2,

    /// <summary>The agents named by id.</summary>
    DefinedAgent = 4,

    /// <summary>Every active agent, the one beside the manager excluded.</summary>
    All = 8,

    /// <summary>Every active agent of the named groups.</summary>
    Group = 16,
}
