using System.Net;

namespace Redoubt.Respond.Scripts;

/// <summary>A process that holds a login session.</summary>
/// <param name="User">The account's name.</param>
/// <param name="Address">Where it came from; null when that is not known, or is this host.</param>
/// <param name="Process">The process.</param>
internal sealed record LoginProcess(string User, IPAddress? Address, int Process);
