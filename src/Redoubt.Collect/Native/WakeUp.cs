using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Redoubt.Collect.Native;

/// <summary>Wakes a thread that waits in <c>poll</c>.</summary>
/// <remarks>Threads: <see cref="Set"/> from any; the rest from the waiting thread.</remarks>
internal sealed class WakeUp : IDisposable
{
    private readonly SafeFileHandle _event;

    internal WakeUp()
    {
        var descriptor = Libc.eventfd(0, Libc.InotifyCloseOnExecAndNonBlocking);
        if (descriptor < 0)
            throw new IOException($"eventfd failed: {Marshal.GetLastPInvokeErrorMessage()}");
        _event = new SafeFileHandle(descriptor, ownsHandle: true);
    }

    internal int Descriptor => (int)_event.DangerousGetHandle();

    public void Dispose() => _event.Dispose();

    internal unsafe void Set()
    {
        // The only possible failure is a counter that is full, and then the thread is woken already.
        var one = 1UL;
        _ = Libc.write(_event, (byte*)&one, sizeof(ulong));
    }

    internal unsafe void Clear()
    {
        ulong count;
        _ = Libc.read(_event, (byte*)&count, sizeof(ulong));
    }
}
