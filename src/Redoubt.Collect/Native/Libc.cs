using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Redoubt.Collect.Native;

/// <summary>The few calls into the C library that .NET does not offer, or offers only with exceptions and allocations.</summary>
internal static partial class Libc
{
    internal const int ENOENT = 2;
    internal const int EINTR = 4;
    internal const int ENOMEM = 12;
    internal const int EACCES = 13;
    internal const int ENOTDIR = 20;
    internal const int ENOSPC = 28;
    internal const int ELOOP = 40;

    /// <summary>Read only, close on exec, do not become a controlling terminal, and do not wait for a writer if it is a FIFO.</summary>
    internal const int OpenToRead = 0x80000 | 0x100 | 0x800;

    internal const int InotifyCloseOnExecAndNonBlocking = 0x80000 | 0x800;
    internal const short PollIn = 1;

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial nint pread(SafeFileHandle file, byte* buffer, nuint count, long offset);

    [LibraryImport("libc", SetLastError = true)]
    internal static unsafe partial nint read(SafeFileHandle file, byte* buffer, nuint count);

    [LibraryImport("libc", SetLastError = true)]
    internal static unsafe partial nint write(SafeFileHandle file, byte* buffer, nuint count);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int inotify_init1(int flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int inotify_add_watch(SafeFileHandle inotify, string path, uint mask);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int inotify_rm_watch(SafeFileHandle inotify, int watch);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int eventfd(uint initial, int flags);

    [LibraryImport("libc", SetLastError = true)]
    internal static unsafe partial int poll(PollEntry* entries, nuint count, int timeoutMilliseconds);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int statx(int folder, string path, int flags, uint mask, out StatxBuffer buffer);

    /// <summary>Opens a file to read, whatever it is, without ever waiting.</summary>
    /// <returns>The handle, or null and the error number.</returns>
    internal static SafeFileHandle? Open(string path, out int error)
    {
        var descriptor = open(path, OpenToRead);
        if (descriptor >= 0)
        {
            error = 0;
            return new SafeFileHandle(descriptor, ownsHandle: true);
        }

        error = Marshal.GetLastPInvokeError();
        if (error != EACCES || DeniedFiles.Open?.Invoke(path) is not { } file)
            return null;

        error = 0;
        return file;
    }

    /// <summary>Reads at an offset until the buffer is full or the file ends.</summary>
    /// <returns>Bytes read, or the negative error number.</returns>
    internal static unsafe int ReadAt(SafeFileHandle file, Span<byte> buffer, long offset)
    {
        var total = 0;
        fixed (byte* start = buffer)
        {
            while (total < buffer.Length)
            {
                var count = pread(file, start + total, (nuint)(buffer.Length - total), offset + total);
                if (count > 0)
                    total += (int)count;
                else if (count == 0)
                    return total;
                else if (Marshal.GetLastPInvokeError() is var error && error != EINTR)
                    return total > 0 ? total : -error;
            }
        }

        return total;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct PollEntry
    {
        internal int Descriptor;
        internal short Events;
        internal short Returned;
    }

    /// <summary>What <c>statx</c> fills in; the layout is the same on every architecture.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    internal struct StatxBuffer
    {
        [FieldOffset(0)]
        internal uint Mask;

        [FieldOffset(20)]
        internal uint Owner;

        [FieldOffset(24)]
        internal uint Group;

        [FieldOffset(28)]
        internal ushort Mode;

        [FieldOffset(32)]
        internal ulong Inode;

        [FieldOffset(40)]
        internal ulong Size;

        [FieldOffset(80)]
        internal long BirthSeconds;

        [FieldOffset(88)]
        internal uint BirthNanoseconds;

        [FieldOffset(112)]
        internal long ModifiedSeconds;

        [FieldOffset(120)]
        internal uint ModifiedNanoseconds;

        [FieldOffset(136)]
        internal uint DeviceMajor;

        [FieldOffset(140)]
        internal uint DeviceMinor;
    }
}
