namespace Redoubt.Collect;

/// <summary>A <c>&lt;socket&gt;</c>: a Unix socket of another program that records can be sent to.</summary>
public sealed record OutputSocketOptions
{
    /// <summary>What <c>target</c> calls it.</summary>
    public required string Name { get; init; }

    /// <summary>Path of the socket, absolute; at most 107 bytes.</summary>
    public required string Path { get; init; }

    /// <summary>Whether it is a stream, each record ended by a newline (<c>mode</c> tcp), or takes a datagram for each (udp). Default: datagrams.</summary>
    public bool IsStream { get; init; }

    /// <summary>What stands before each record; default nothing.</summary>
    public string Prefix { get; init; } = string.Empty;
}
