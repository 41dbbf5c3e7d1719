using System.Runtime.InteropServices;

namespace Redoubt.Host;

/// <summary>Signals to processes that this one started.</summary>
public static partial class Signals
{
    /// <summary>SIGTERM: end in order.</summary>
    public const int Terminate = 15;

    /// <summary>SIGHUP: reload.</summary>
    public const int HangUp = 1;

    /// <summary>Sends a signal; false when the process has gone.</summary>
    public static bool Send(int processId, int signal) => Kill(processId, signal) == 0;

    /// <summary>This process leaves the terminal's Ctrl-C to its parent: it ends by SIGTERM only.</summary>
    public static void LeaveTerminalGroup() => _ = SetProcessGroup(0, 0);

    /// <summary>The process that started this one, or that took it over.</summary>
    internal static int ParentId => GetParent();

    [LibraryImport("libc", EntryPoint = "getppid")]
    private static partial int GetParent();

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int processId, int signal);

    [LibraryImport("libc", EntryPoint = "setpgid", SetLastError = true)]
    private static partial int SetProcessGroup(int processId, int group);
}
