using Redoubt.Model;
using Redoubt.Transport.Protocol;

namespace Redoubt.App.Manager;

/// <summary>What is told of a spool that fills.</summary>
internal static class SpoolAlarm
{
    private const int Full = 100;

    /// <summary>The manager's own, for lines from the network.</summary>
    /// <param name="level">50, 70 or 90 %; 100: something found no room.</param>
    internal static Alarm OfNetwork(int level) => Of("lines from the network", level);

    /// <summary>A host's, for the output of a command; null: it has no news.</summary>
    internal static Alarm? Of(HostState host) =>
        host.SpoolLevel == 0 ? null : Of($"the output of '{host.SpoolLocation}'", (int)Math.Min(host.SpoolLevel, Full));

    private static Alarm Of(string what, int level) =>
        new(
            OwnRules.SpoolFills,
            level == Full ? $"the spool for {what} is full, and some are lost" : $"the spool for {what} is {level} % full"
        );
}
