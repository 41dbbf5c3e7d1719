namespace Redoubt.Transport.Port;

/// <summary>Why a peer of the manager's port was sent away.</summary>
public enum Refusal
{
    /// <summary>More connections at once than the port has room for.</summary>
    TooMany,

    /// <summary>More connections at once from one address than it may have before it has proven who it is.</summary>
    TooManyFromAddress,

    /// <summary>Connections of one address in too short a time.</summary>
    TooFast,

    /// <summary>It did not prove who it is in time.</summary>
    TooSlow,

    /// <summary>It spoke no TLS 1.3.</summary>
    NoHandshake,

    /// <summary>It spoke TLS, and asked nothing that is answered here: no request, one that is too large, or one for something else.</summary>
    NoRequest,

    /// <summary>Its certificate is not of this manager's authority, or not valid now.</summary>
    ForeignCertificate,

    /// <summary>Its certificate was an agent's that was removed, has enrolled again, or is not known.</summary>
    RevokedAgent,

    /// <summary>It enrols with a token that is unknown, used up or expired.</summary>
    WrongToken,
}
