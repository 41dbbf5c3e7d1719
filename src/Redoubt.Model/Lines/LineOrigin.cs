namespace Redoubt.Model;

/// <summary>How far a line's own claims can be trusted.</summary>
public enum LineOrigin
{
    /// <summary>It stands in a file or journal of the agent's host: whoever may write there has written it.</summary>
    Relayed,

    /// <summary>It came over the network: anybody can have sent it, under any address.</summary>
    Network,
}
