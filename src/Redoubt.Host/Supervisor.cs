namespace Redoubt.Host;

/// <summary>Whoever started this process and looks after it: <c>redoubt up</c>, or systemd.</summary>
public static class Supervisor
{
    /// <summary>Set by <c>redoubt up</c> for its children.</summary>
    public const string Mark = "REDOUBT_SUPERVISED";

    /// <summary>Exit code of a process that ended in order to be started anew: none of success, so that <c>Restart=on-failure</c> counts it.</summary>
    public const int StartAgain = 75;

    /// <summary>Whether <c>redoubt up</c> started this process.</summary>
    public static bool IsUp => Environment.GetEnvironmentVariable(Mark) is not null;

    /// <summary>Whether somebody starts this process anew when it ends.</summary>
    /// <remarks>systemd gives every service an id; a shell that was started from a service inherits it, but is not the service's first process.</remarks>
    public static bool StartsAgain => IsUp || (Environment.GetEnvironmentVariable("INVOCATION_ID") is not null && Signals.ParentId == 1);
}
