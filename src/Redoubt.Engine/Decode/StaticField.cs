namespace Redoubt.Engine.Decode;

/// <summary>The fields every event has a place for, in the order in which alerts show them.</summary>
public enum StaticField
{
    /// <summary><c>protocol</c></summary>
    Protocol,

    /// <summary><c>action</c></summary>
    Action,

    /// <summary><c>srcip</c></summary>
    SrcIp,

    /// <summary><c>srcport</c></summary>
    SrcPort,

    /// <summary><c>srcuser</c></summary>
    SrcUser,

    /// <summary><c>dstip</c></summary>
    DstIp,

    /// <summary><c>dstport</c></summary>
    DstPort,

    /// <summary><c>dstuser</c>, also written <c>user</c></summary>
    DstUser,

    /// <summary><c>id</c></summary>
    Id,

    /// <summary><c>status</c></summary>
    Status,

    /// <summary><c>url</c></summary>
    Url,

    /// <summary><c>data</c></summary>
    Data,

    /// <summary><c>extra_data</c></summary>
    ExtraData,

    /// <summary><c>system_name</c></summary>
    SystemName,
}
