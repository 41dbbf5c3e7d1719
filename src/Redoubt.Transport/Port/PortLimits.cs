namespace Redoubt.Transport.Port;

/// <summary>What the manager's port grants before it knows who is there: section <c>agent_port</c>.</summary>
public sealed record PortLimits
{
    /// <summary>Connections at once in all; default 20 000, from 1 to 1 000 000.</summary>
    public int Connections { get; init; } = 20_000;

    /// <summary>Connections at once that have not proven to be an agent's, in all; default 1000, from 1 to <see cref="Connections"/>.</summary>
    public int Unproven { get; init; } = 1000;

    /// <summary>The same of one IPv4 address or IPv6 /64; default 64, from 1 to <see cref="Unproven"/>. Agents behind one address that
    /// come back together try again by themselves.</summary>
    public int UnprovenPerAddress { get; init; } = 64;

    /// <summary>New connections of one address in a minute; default 600, from 1 to 1 000 000.</summary>
    public int NewPerMinute { get; init; } = 600;

    /// <summary>Time to show an agent's certificate, or to enrol; default 15 s, from 1 s to 5 min.</summary>
    public TimeSpan TimeToProve { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Addresses that are remembered for a minute, some hundred bytes each; those beyond are sent away. Default 65 536, from 1000 to 1 000 000.</summary>
    public int Addresses { get; init; } = 65_536;

    /// <summary>Bytes of a request's headers; ours have some hundred.</summary>
    public const int HeaderBytes = 8 * 1024;

    /// <summary>Headers of a request.</summary>
    public const int Headers = 32;

    /// <summary>Bytes of an enrolment.</summary>
    public const int EnrolmentBytes = 64 * 1024;
}
