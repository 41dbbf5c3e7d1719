using System.Net;
using Redoubt.Model;

namespace Redoubt.Collect;

/// <summary>A port on which other hosts send syslog lines.</summary>
public sealed record SyslogReceiverOptions
{
    /// <summary>Default every address of this host.</summary>
    public IPAddress Address { get; init; } = IPAddress.IPv6Any;

    /// <summary>1 to 65535, default 514; 0 lets the kernel choose.</summary>
    public int Port { get; init; } = 514;

    /// <summary>Datagrams are taken; default yes.</summary>
    public bool TakesUdp { get; init; } = true;

    /// <summary>Connections are taken; default no.</summary>
    public bool TakesTcp { get; init; }

    /// <summary>Connections are taken with TLS only; null, the default: without.</summary>
    public SyslogTlsOptions? Tls { get; init; }

    /// <summary>Time a sender has for the beginning of TLS, default 10 s.</summary>
    public TimeSpan MaxHandshake { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Who may send; empty: nobody.</summary>
    public IReadOnlyList<BlockTarget> Allowed { get; init; } = [];

    /// <summary>Who may not, although a wider entry of <see cref="Allowed"/> covers him.</summary>
    public IReadOnlyList<BlockTarget> Denied { get; init; } = [];

    /// <summary>Longest line in bytes, default 65,535.</summary>
    public int MaxLineBytes { get; init; } = 65_535;

    /// <summary>Connections at a time, default 1,000; further ones are closed at once.</summary>
    public int MaxConnections { get; init; } = 1_000;

    /// <summary>Silence after which a connection is closed, default an hour.</summary>
    public TimeSpan MaxSilence { get; init; } = TimeSpan.FromHours(1);
}
