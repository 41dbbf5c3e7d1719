namespace Redoubt.Respond.Firewall;

/// <summary>Whether a target is in the kernel.</summary>
internal enum FirewallState
{
    /// <summary>It is not there.</summary>
    Absent,

    /// <summary>It is there.</summary>
    Present,

    /// <summary>Unknown, or the change was refused.</summary>
    Failed,
}
