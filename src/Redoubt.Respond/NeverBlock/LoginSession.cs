using System.Net;

namespace Redoubt.Respond.NeverBlock;

/// <summary>A login from another host that is still open.</summary>
/// <param name="User">The account's name.</param>
/// <param name="Address">Where it came from.</param>
/// <param name="StartUnixMilliseconds">When it began.</param>
internal readonly record struct LoginSession(string User, IPAddress Address, long StartUnixMilliseconds);
