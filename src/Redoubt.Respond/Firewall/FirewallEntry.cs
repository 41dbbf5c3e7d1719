using Redoubt.Model;

namespace Redoubt.Respond.Firewall;

/// <summary>One block as the kernel holds it.</summary>
/// <param name="Target">What is dropped.</param>
/// <param name="RemainingMilliseconds">How long still; -1 is permanent.</param>
internal readonly record struct FirewallEntry(BlockTarget Target, long RemainingMilliseconds);
