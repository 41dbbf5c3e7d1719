using System.Net;

namespace Redoubt.Respond.Firewall.Nftables;

/// <summary>One element as read from the kernel.</summary>
/// <param name="Key">Its address.</param>
/// <param name="IsIntervalEnd">The first address behind an interval; of the interval's first address otherwise.</param>
/// <param name="TimeoutMilliseconds">What it was given; 0 is permanent.</param>
/// <param name="RemainingMilliseconds">What is left; -1 is permanent.</param>
internal readonly record struct NftElement(IPAddress Key, bool IsIntervalEnd, long TimeoutMilliseconds, long RemainingMilliseconds);
