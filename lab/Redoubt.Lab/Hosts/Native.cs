using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Redoubt.Lab;

/// <summary>The system calls that the base library lacks.</summary>
internal static partial class Native
{
    internal const int SigKill = 9;
    internal const int SigTerm = 15;
    internal const int SigInt = 2;
    internal const int SigHup = 1;
    internal const int SigStop = 19;
    internal const int SigCont = 18;

    private const int CloneNewNet = 0x40000000;

    /// <summary>Sends a signal; a process that has ended meanwhile is fine.</summary>
    internal static void Signal(int processId, int signal)
    {
        const int noSuchProcess = 3;
        if (Kill(processId, signal) != 0 && Marshal.GetLastPInvokeError() is var error && error != noSuchProcess)
            throw new Win32Exception(error, $"kill({processId}, {signal})");
    }

    /// <summary>Moves the calling thread alone into the network of another process.</summary>
    internal static void EnterNetwork(int processId)
    {
        using var file = File.OpenHandle($"/proc/{processId}/ns/net");
        if (SetNamespace((int)file.DangerousGetHandle(), CloneNewNet) != 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"setns into the network of process {processId}");
    }

    /// <summary>The effective user of this process; 0 is root.</summary>
    [LibraryImport("libc", EntryPoint = "geteuid")]
    internal static partial uint EffectiveUser();

    /// <summary>Lets the calling thread sleep shorter than the base library can, up to a second.</summary>
    internal static void SleepMicroseconds(int microseconds)
    {
        var time = new TimeSpecification { Nanoseconds = microseconds * 1000L };
        // A signal ends it early, which is as good to whoever sleeps between two things that repeat.
        _ = NanoSleep(in time, 0);
    }

    [LibraryImport("libc", EntryPoint = "nanosleep")]
    private static partial int NanoSleep(in TimeSpecification time, nint remaining);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int processId, int signal);

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(int descriptor, int kind);

    private struct TimeSpecification
    {
        internal long Seconds;
        internal long Nanoseconds;
    }
}
