using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Redoubt.Collect.Native;

/// <summary>The kernel's notices about files and folders, and who wants them.</summary>
/// <remarks>
/// Threads: not safe; only the reader thread. Cost: one <c>read</c> for all notices at hand. Watches are shared: one inode has one
/// watch however many sources ask for it. Source: inotify(7).
/// </remarks>
internal sealed class Inotify : IDisposable
{
    internal const uint Modify = 0x2;
    internal const uint Attributes = 0x4;
    internal const uint MovedFrom = 0x40;
    internal const uint MovedTo = 0x80;
    internal const uint Create = 0x100;
    internal const uint Delete = 0x200;
    internal const uint DeleteSelf = 0x400;
    internal const uint MoveSelf = 0x800;
    private const uint Overflow = 0x4000;
    private const uint Ignored = 0x8000;
    private const int HeaderLength = 16;

    /// <summary>What is asked about a file that is read.</summary>
    internal const uint FileMask = Modify | Attributes | MoveSelf;

    /// <summary>What is asked about a folder in which files come and go; not every write to every file in it.</summary>
    internal const uint FolderMask = Create | Delete | MovedFrom | MovedTo | Attributes | DeleteSelf | MoveSelf;

    private readonly Dictionary<int, List<IWatcher>> _watchers = [];
    private readonly byte[] _buffer = new byte[16 * 1024];
    private readonly SafeFileHandle? _inotify;

    internal Inotify()
    {
        var descriptor = Libc.inotify_init1(Libc.InotifyCloseOnExecAndNonBlocking);
        Error = descriptor < 0 ? Marshal.GetLastPInvokeErrorMessage() : null;
        _inotify = descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);
    }

    /// <summary>Told of notices about what it watches.</summary>
    internal interface IWatcher
    {
        /// <param name="mask">What happened.</param>
        /// <param name="name">The entry of a watched folder, else empty.</param>
        public void Noticed(uint mask, ReadOnlySpan<byte> name);
    }

    /// <summary>Why the kernel gave no inotify instance at all, or null.</summary>
    internal string? Error { get; }

    /// <summary>Why a watch was refused for want of room in the kernel, or null: files must then be looked at more often.</summary>
    internal string? WatchError { get; private set; }

    /// <summary>To wait on; -1 if there is none.</summary>
    internal int Descriptor => _inotify is null ? -1 : (int)_inotify.DangerousGetHandle();

    public void Dispose() => _inotify?.Dispose();

    /// <summary>Watches a path; again for the same inode and watcher changes nothing.</summary>
    /// <returns>The watch, or -1 if it cannot be watched.</returns>
    internal int Add(string path, uint mask, IWatcher watcher)
    {
        if (_inotify is null)
            return -1;

        var watch = Libc.inotify_add_watch(_inotify, path, mask);
        if (watch < 0)
        {
            if (Marshal.GetLastPInvokeError() is Libc.ENOSPC or Libc.ENOMEM)
                WatchError = Marshal.GetLastPInvokeErrorMessage();
            return -1;
        }

        if (!_watchers.TryGetValue(watch, out var all))
            _watchers.Add(watch, all = []);
        if (!all.Contains(watcher))
            all.Add(watcher);
        return watch;
    }

    /// <summary>Watches the very file that is open, wherever its name has gone meanwhile.</summary>
    internal int Add(SafeFileHandle file, uint mask, IWatcher watcher) =>
        Add($"/proc/self/fd/{(int)file.DangerousGetHandle()}", mask, watcher);

    /// <summary>Ends a watch for one watcher.</summary>
    internal void Remove(int watch, IWatcher watcher)
    {
        if (watch < 0 || !_watchers.TryGetValue(watch, out var all) || !all.Remove(watcher) || all.Count > 0)
            return;

        _watchers.Remove(watch);
        if (_inotify is not null)
            _ = Libc.inotify_rm_watch(_inotify, watch); // fails only where the kernel has removed it itself
    }

    /// <summary>Passes on everything at hand without waiting.</summary>
    /// <returns>False if notices were lost because too many came: everything must be looked at.</returns>
    internal unsafe bool Dispatch()
    {
        if (_inotify is null)
            return true;

        nint count;
        fixed (byte* start = _buffer)
            count = Libc.read(_inotify, start, (nuint)_buffer.Length);

        var complete = true;
        for (var rest = _buffer.AsSpan(0, (int)Math.Max(count, 0)); rest.Length >= HeaderLength; )
        {
            var watch = BinaryPrimitives.ReadInt32LittleEndian(rest);
            var mask = BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]);
            var nameLength = (int)BinaryPrimitives.ReadUInt32LittleEndian(rest[12..]);
            var name = rest.Slice(HeaderLength, nameLength);
            rest = rest[(HeaderLength + nameLength)..];

            complete &= (mask & Overflow) == 0;
            if ((mask & Ignored) != 0)
                _watchers.Remove(watch);
            else if (_watchers.TryGetValue(watch, out var all))
            {
                foreach (var watcher in all)
                    watcher.Noticed(mask, name.TrimEnd((byte)0));
            }
        }

        return complete;
    }
}
