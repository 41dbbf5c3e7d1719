namespace Redoubt.Respond.Firewall.Nftables;

/// <summary>The table could not be set up; the message says what and what to do, in one line.</summary>
internal sealed class FirewallSetupException(string message, Exception? inner = null) : IOException(message, inner);
