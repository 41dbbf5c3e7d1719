using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Redoubt.Collect.Native;

/// <summary>What the kernel says about a file at one moment.</summary>
/// <param name="Error">0, or why nothing is known (an error number); then the rest is 0.</param>
/// <param name="BornNanoseconds">When it was made, since 1970; 0 where the file system does not tell.</param>
internal readonly record struct FileFacts(
    int Error,
    ulong Device,
    ulong Inode,
    long Size,
    bool IsRegular,
    long ModifiedNanoseconds,
    long BornNanoseconds
)
{
    private const int CurrentFolder = -100;
    private const int EmptyPath = 0x1000;
    private const uint BasicAndBirth = 0x7ff | 0x800;
    private const uint Birth = 0x800;

    internal bool Exists => Error == 0;

    /// <summary>Number of the account whose file it is.</summary>
    internal uint Owner { get; private init; }

    /// <summary>Number of the group whose file it is.</summary>
    internal uint Group { get; private init; }

    /// <summary>Type and rights, as <c>st_mode</c>.</summary>
    internal uint Mode { get; private init; }

    /// <summary>Whether the path leads nowhere at present, which is no fault.</summary>
    internal bool IsMissing => Error is Libc.ENOENT or Libc.ENOTDIR;

    internal static FileFacts OfPath(string path) => Ask(CurrentFolder, path, 0);

    internal static FileFacts Of(SafeFileHandle file) => Ask((int)file.DangerousGetHandle(), "", EmptyPath);

    internal bool IsSameFileAs(FileFacts other) => Exists && other.Exists && Device == other.Device && Inode == other.Inode;

    private static FileFacts Ask(int folder, string path, int flags)
    {
        if (Libc.statx(folder, path, flags, BasicAndBirth, out var buffer) != 0)
            return new FileFacts(Marshal.GetLastPInvokeError(), 0, 0, 0, false, 0, 0);

        // The same number as st_dev: 12 bits of major and 8 of minor in their old places, the rest above.
        ulong major = buffer.DeviceMajor,
            minor = buffer.DeviceMinor;
        var device = ((major & 0xfff) << 8) | ((major & ~0xfffUL) << 32) | (minor & 0xff) | ((minor & ~0xffUL) << 12);
        return new FileFacts(
            0,
            device,
            buffer.Inode,
            (long)buffer.Size,
            (buffer.Mode & 0xf000) == 0x8000,
            (buffer.ModifiedSeconds * 1_000_000_000) + buffer.ModifiedNanoseconds,
            (buffer.Mask & Birth) == 0 ? 0 : (buffer.BirthSeconds * 1_000_000_000) + buffer.BirthNanoseconds
        )
        {
            Owner = buffer.Owner,
            Group = buffer.Group,
            Mode = buffer.Mode,
        };
    }
}
