namespace Redoubt.Respond.Firewall.Connections;

/// <summary>What was cut of one target.</summary>
/// <param name="SocketsClosed">TCP connections ended.</param>
/// <param name="ConnectionsForgotten">Tracking entries deleted.</param>
/// <param name="Trouble">What could not be done, one line; null when all was.</param>
internal readonly record struct CutResult(int SocketsClosed, int ConnectionsForgotten, string? Trouble);
