using System.Net;

namespace Redoubt.Collect;

/// <summary>A line from the network.</summary>
/// <param name="Sender">Who sent it, as far as the network can tell: the address of a datagram is easily forged.</param>
/// <param name="Text">As a file would have it.</param>
/// <param name="ArrivalUnixMilliseconds">When it arrived.</param>
public sealed record SyslogLine(IPAddress Sender, byte[] Text, long ArrivalUnixMilliseconds);
