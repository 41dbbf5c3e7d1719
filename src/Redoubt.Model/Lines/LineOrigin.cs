namespace Redoubt.Model;

/// <summary>How far a line's own claims can be trusted.</summary>
/// <remarks>Source: docs/decisions/0012-who-wrote-a-line.md.</remarks>
public enum LineOrigin
{
    /// <summary>It stands in a file or journal of the agent's host: a daemon of that host wrote it or passed it on.</summary>
    Relayed,

    /// <summary>It came over the network: anybody can have sent it, under any address.</summary>
    Network,

    /// <summary>The journal's own fields, or the rights of a file that only root can write, say that the program it names has written it.</summary>
    Verified,

    /// <summary>The journal says that an ordinary account wrote it, outside of a service of its name: it may claim anything.</summary>
    Unprivileged,

    /// <summary>The journal says that another program, not run by root, wrote it in the name of one that always runs as root.</summary>
    Forged,
}
