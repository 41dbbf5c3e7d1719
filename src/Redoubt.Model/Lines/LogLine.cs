namespace Redoubt.Model;

/// <summary>One line as collected: bytes, where it comes from, when it arrived. What the engine reads.</summary>
/// <remarks>Lives on the stack; <see cref="Text"/> points into the caller's buffer and is valid during the call only.</remarks>
public readonly ref struct LogLine
{
    /// <summary>The line without its newline. Any bytes.</summary>
    public required ReadOnlySpan<byte> Text { get; init; }

    /// <summary>Arrival: our clock, Unix time in milliseconds, stamped by the collector. Windows use whole seconds of it.</summary>
    public required long ArrivalUnixMilliseconds { get; init; }

    /// <summary>Who sent it.</summary>
    public required AgentIdentity Agent { get; init; }

    /// <summary>Source as configured, for example <c>/var/log/auth.log</c>: Wazuh's location without the agent's part.</summary>
    public required string Location { get; init; }

    /// <summary>The message kind.</summary>
    public LineKind Kind { get; init; }

    /// <summary>How far it can be trusted; what anybody can have written is counted apart.</summary>
    public LineOrigin Origin { get; init; }
}
