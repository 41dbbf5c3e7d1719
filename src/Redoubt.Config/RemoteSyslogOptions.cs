using System.Net;
using Redoubt.Model;

namespace Redoubt.Config;

/// <summary>A <c>&lt;remote&gt;</c> section with <c>&lt;connection&gt;syslog&lt;/connection&gt;</c>: other hosts send lines to the manager.</summary>
public sealed record RemoteSyslogOptions
{
    /// <summary><c>local_ip</c>; null, the default: every address.</summary>
    public IPAddress? Address { get; init; }

    /// <summary>1 to 65535, default 514, with TLS 6514.</summary>
    public int Port { get; init; } = 514;

    /// <summary><c>protocol</c> names tcp.</summary>
    public bool Tcp { get; init; }

    /// <summary><c>protocol</c> names udp; default.</summary>
    public bool Udp { get; init; } = true;

    /// <summary><c>protocol</c> is tls, and these are its files; null: it is not.</summary>
    public RemoteTlsFiles? Tls { get; init; }

    /// <summary><c>allowed-ips</c>; without one nobody may send.</summary>
    public IReadOnlyList<BlockTarget> Allowed { get; init; } = [];

    /// <summary><c>denied-ips</c>.</summary>
    public IReadOnlyList<BlockTarget> Denied { get; init; } = [];

    /// <summary>Whether it says the same: a reload keeps such a port open, which cannot always be opened again.</summary>
    public bool Equals(RemoteSyslogOptions? other) =>
        other is not null
        && Equals(Address, other.Address)
        && (Port, Tcp, Udp, Tls) == (other.Port, other.Tcp, other.Udp, other.Tls)
        && Allowed.SequenceEqual(other.Allowed)
        && Denied.SequenceEqual(other.Denied);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Address, Port, Tcp, Udp);
}
