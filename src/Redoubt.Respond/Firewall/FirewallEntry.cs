using Redoubt.Model;

namespace Redoubt.Respond.Firewall;

/// <summary>One block as the kernel holds it, or has to hold it.</summary>
/// <param name="Target">What is dropped.</param>
/// <param name="RemainingMilliseconds">How long still; -1 is permanent.</param>
internal readonly record struct FirewallEntry(BlockTarget Target, long RemainingMilliseconds)
{
    // Kernels count time in ticks of up to 10 ms or in whole seconds, and their clock and ours drift apart by up to 0.05 %.
    private const long ToleranceMilliseconds = 2000;
    private const int ToleranceDivisor = 500;

    /// <summary>Whether what the kernel has is enough for what is wanted here.</summary>
    /// <param name="remainingMilliseconds">What is left in the kernel: -1 permanent, 0 not there.</param>
    internal bool IsHeldBy(long remainingMilliseconds) =>
        remainingMilliseconds switch
        {
            -1 => true,
            0 => false,
            _ => RemainingMilliseconds >= 0
                && remainingMilliseconds + ToleranceMilliseconds + (RemainingMilliseconds / ToleranceDivisor) >= RemainingMilliseconds,
        };
}
