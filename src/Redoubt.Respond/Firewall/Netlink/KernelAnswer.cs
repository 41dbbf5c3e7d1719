namespace Redoubt.Respond.Firewall.Netlink;

/// <summary>What the kernel said to a request: 0 is yes.</summary>
/// <param name="Errno">The first error of the request, positive; 0 when there was none.</param>
/// <param name="Text">The kernel's own words to it, where it gave some.</param>
internal readonly record struct KernelAnswer(int Errno, string? Text)
{
    /// <summary>Whether the request was carried out.</summary>
    internal bool IsOk => Errno == 0;

    /// <summary>The error for people.</summary>
    public override string ToString() => Text is null ? Netlink.Errno.Describe(Errno) : $"{Netlink.Errno.Describe(Errno)}: {Text}";
}
