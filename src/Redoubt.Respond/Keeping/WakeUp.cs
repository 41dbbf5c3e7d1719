using System.Runtime.InteropServices;
using Redoubt.Respond.Firewall.Netlink;

namespace Redoubt.Respond.Keeping;

/// <summary>Waits for a descriptor, a time, or a call from another thread, whichever comes first.</summary>
/// <remarks>Threads: one waits; any may call <see cref="Set"/>. Disposed of after the waiting one has ended.</remarks>
internal sealed class WakeUp : IDisposable
{
    private readonly int called = LibC.EventDescriptor(0, LibC.SocketCloseOnExec | LibC.EventDoNotWait);

    /// <exception cref="IOException">No descriptor is left.</exception>
    internal WakeUp()
    {
        if (called < 0)
            throw new NetlinkException("eventfd", Marshal.GetLastPInvokeError());
    }

    /// <summary>Ends the wait, or the next one.</summary>
    internal unsafe void Set()
    {
        var one = 1UL;
        LibC.Write(called, (byte*)&one, sizeof(ulong));
    }

    /// <summary>Waits.</summary>
    /// <param name="descriptor">Becomes readable; -1 for none.</param>
    /// <param name="longest">At most this long.</param>
    /// <returns>Whether the descriptor is readable.</returns>
    internal unsafe bool Wait(int descriptor, TimeSpan longest)
    {
        // poll passes over an entry whose descriptor is negative.
        var entries = stackalloc LibC.PollEntry[]
        {
            new() { Descriptor = descriptor, Events = LibC.PollIn },
            new() { Descriptor = called, Events = LibC.PollIn },
        };
        var milliseconds = (int)Math.Clamp(Math.Ceiling(longest.TotalMilliseconds), 0, int.MaxValue);
        if (LibC.Poll(entries, 2, milliseconds) <= 0)
            return false;

        if (entries[1].Happened != 0)
        {
            var count = 0UL;
            LibC.Read(called, (byte*)&count, sizeof(ulong));
        }

        return entries[0].Happened != 0;
    }

    public void Dispose() => LibC.Close(called);
}
