using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Redoubt.Transport.Link;

/// <summary>Where a manager listens.</summary>
/// <param name="Host">Name or address, IPv6 without brackets.</param>
/// <param name="Port">1 to 65535.</param>
public sealed record ManagerAddress(string Host, int Port)
{
    private string Bracketed => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host;

    /// <summary>Reads <c>HOST</c>, <c>HOST:PORT</c>, <c>[v6]:PORT</c> or a bare IPv6 address.</summary>
    public static ManagerAddress? Parse(string text, int defaultPort = ManagerChannel.DefaultPort)
    {
        text = text.Trim();
        if (
            text.Length == 0
            || text.Any(c => char.IsWhiteSpace(c) || c is '/' or '@')
            || (text[0] != '[' && text.Contains(']', StringComparison.Ordinal))
        )
            return null;

        if (text[0] == '[')
        {
            var close = text.IndexOf(']', StringComparison.Ordinal);
            if (close < 0 || !IsIPv6(text[1..close]))
                return null;

            var rest = text[(close + 1)..];
            return rest.Length == 0 ? new ManagerAddress(text[1..close], defaultPort)
                : rest[0] == ':' && PortOf(rest[1..]) is { } port6 ? new ManagerAddress(text[1..close], port6)
                : null;
        }

        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon >= 0 && text.LastIndexOf(':') != colon)
            return IsIPv6(text) ? new ManagerAddress(text, defaultPort) : null;

        if (colon < 0)
            return new ManagerAddress(text, defaultPort);

        return colon > 0 && PortOf(text[(colon + 1)..]) is { } port ? new ManagerAddress(text[..colon], port) : null;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Bracketed}:{Port.ToString(CultureInfo.InvariantCulture)}";

    private static bool IsIPv6(string text) =>
        IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6 && text[0] != '[';

    private static int? PortOf(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65535 ? port : null;
}
