namespace Redoubt.Respond.Firewall;

/// <summary>What a firewall says after it has looked into the kernel.</summary>
/// <param name="State">Whether the target is dropped.</param>
/// <param name="RemainingMilliseconds">How long still; -1 is permanent, 0 not at all.</param>
/// <param name="Reason">Why it failed, or what else had to be done; one line.</param>
internal readonly record struct FirewallResult(FirewallState State, long RemainingMilliseconds, string? Reason)
{
    /// <summary>It was not there, or would have ended too early, and was put (back). <see cref="IFirewall.Ensure"/> always says so,
    /// <see cref="IFirewall.Put"/> only where the firewall tells the two apart at no cost.</summary>
    internal bool WasMissing { get; init; }

    internal static FirewallResult Absent { get; } = new(FirewallState.Absent, 0, null);

    internal static FirewallResult Present(long remainingMilliseconds) => new(FirewallState.Present, remainingMilliseconds, null);

    internal static FirewallResult Failed(string reason) => new(FirewallState.Failed, 0, reason);
}
