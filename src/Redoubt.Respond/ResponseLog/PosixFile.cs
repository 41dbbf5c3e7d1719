using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Redoubt.Respond;

/// <summary>Files with owners, and appending as POSIX means it.</summary>
internal static partial class PosixFile
{
    private const int CurrentFolder = -100;
    private const int DoNotFollow = 0x100;
    private const int EmptyPath = 0x1000;
    private const uint BasicStatus = 0x7FF;

    private const int OpenWrite = 0x1;
    private const int OpenCreate = 0x40;
    private const int OpenAppend = 0x400;
    private const int OpenNonBlocking = 0x800;
    private const int OpenNoFollow = 0x20000;
    private const int OpenFolder = 0x10000;
    private const int OpenCloseOnExec = 0x80000;

    private const int LockExclusive = 2;
    private const int LockDoNotWait = 4;
    private const int NoEntry = 2;
    private const int NoFolder = 20;
    private const int Exists = 17;
    private const int Interrupted = 4;

    /// <summary>The part of <c>struct statx</c> that is used; the structure is the same on every machine type.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    internal struct Status
    {
        [FieldOffset(16)]
        internal uint Links;

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

        /// <summary>When content or properties changed last, Unix time; unlike the time of the content nobody can set it back.</summary>
        [FieldOffset(96)]
        internal long ChangedSeconds;

        [FieldOffset(104)]
        internal uint ChangedNanoseconds;

        internal readonly bool IsRegular => (Mode & 0xF000) == 0x8000;

        internal readonly bool IsFolder => (Mode & 0xF000) == 0x4000;

        internal readonly bool IsSocket => (Mode & 0xF000) == 0xC000;
    }

    /// <summary>Describes what stands at a path, itself and not what it points to.</summary>
    /// <returns>Null when nothing is there.</returns>
    /// <exception cref="IOException">It cannot be looked at.</exception>
    internal static Status? Look(string path)
    {
        if (StatX(CurrentFolder, path, DoNotFollow, BasicStatus, out var status) == 0)
            return status;

        var error = Marshal.GetLastPInvokeError();
        return error == NoEntry ? null : throw Failed("look at", path, error);
    }

    /// <summary>Describes what a path leads to, following links.</summary>
    /// <returns>Null when nothing is there.</returns>
    /// <exception cref="IOException">It cannot be looked at.</exception>
    internal static Status? LookBehindLinks(string path)
    {
        if (StatX(CurrentFolder, path, 0, BasicStatus, out var status) == 0)
            return status;

        var error = Marshal.GetLastPInvokeError();
        return error is NoEntry or NoFolder ? null : throw Failed("look at", path, error);
    }

    /// <summary>Describes an open file.</summary>
    internal static Status Look(SafeFileHandle file)
    {
        if (StatX((int)file.DangerousGetHandle(), "", EmptyPath, BasicStatus, out var status) == 0)
            return status;

        throw Failed("look at", "an open file", Marshal.GetLastPInvokeError());
    }

    /// <summary>Opens a plain file for appending, making it when it is missing.</summary>
    /// <remarks>The folder may belong to a less privileged user, so a link in the place of the file or of the folder is refused, symbolic or hard:
    /// it would lead our writing elsewhere. A pipe in its place does not hold us up.</remarks>
    /// <exception cref="IOException">It cannot be opened, or is no plain file.</exception>
    internal static SafeFileHandle OpenForAppend(string folder, string name, UnixFileMode mode)
    {
        using var within = Open(folder, OpenFolder | OpenNoFollow | OpenCloseOnExec, 0);
        if (within.IsInvalid)
            throw Failed("open the folder", folder, Marshal.GetLastPInvokeError());

        var path = Path.Join(folder, name);
        var file = OpenAt(within, name, OpenWrite | OpenAppend | OpenCreate | OpenNoFollow | OpenNonBlocking | OpenCloseOnExec, (uint)mode);
        if (file.IsInvalid)
            throw Failed("open", path, Marshal.GetLastPInvokeError());

        var status = Look(file);
        if (status is { IsRegular: true, Links: 1 })
            return file;

        file.Dispose();
        throw new IOException($"{path} is not a plain file with one name");
    }

    /// <summary>Appends all bytes in one call, so that they stay together whoever else appends.</summary>
    /// <exception cref="IOException">Not all of them could be written, because the disk is full for instance.</exception>
    internal static unsafe void Append(SafeFileHandle file, ReadOnlySpan<byte> bytes, string path)
    {
        while (!bytes.IsEmpty)
        {
            nint written;
            fixed (byte* start = bytes)
                written = Write(file, start, bytes.Length);
            if (written < 0)
            {
                var error = Marshal.GetLastPInvokeError();
                if (error != Interrupted)
                    throw Failed("write", path, error);
                continue;
            }

            bytes = bytes[(int)written..];
        }
    }

    /// <summary>Takes the lock of an open file, for as long as it stays open; the kernel ends it with the process.</summary>
    /// <returns>False when another process holds it.</returns>
    internal static bool TryLock(SafeFileHandle file) => FLock(file, LockExclusive | LockDoNotWait) == 0;

    /// <summary>Gives an open file to a group.</summary>
    /// <exception cref="IOException">Not permitted.</exception>
    internal static void GiveToGroup(SafeFileHandle file, uint group, string path)
    {
        if (FChown(file, uint.MaxValue, group) != 0)
            throw Failed("change the group of", path, Marshal.GetLastPInvokeError());
    }

    /// <summary>Sets the permissions of an open file, whatever the umask is.</summary>
    /// <exception cref="IOException">Not permitted.</exception>
    internal static void ChangeMode(SafeFileHandle file, UnixFileMode mode, string path)
    {
        if (FChMod(file, (uint)mode) != 0)
            throw Failed("change the permissions of", path, Marshal.GetLastPInvokeError());
    }

    /// <summary>Makes one folder; fine when somebody else has just made it.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    internal static void MakeFolder(string path, UnixFileMode mode)
    {
        if (MkDir(path, (uint)mode) == 0)
            return;

        var error = Marshal.GetLastPInvokeError();
        if (error != Exists)
            throw Failed("make the folder", path, error);
    }

    /// <summary>Does something with files as another user and group; what it makes belongs to them from the beginning.</summary>
    /// <remarks>Making something first and giving it away after would let a user who owns the folder put another file in its place
    /// between the two. Holds for the calling thread; the mask for the whole process, so only while starting.</remarks>
    /// <param name="user">The user; the kernel takes root's rights over files away meanwhile when it is not root.</param>
    /// <param name="group">The group.</param>
    /// <param name="mask">Permissions that nothing made meanwhile gets.</param>
    /// <param name="act">What to do, on this thread.</param>
    internal static void ActAs(uint user, uint group, UnixFileMode mask, Action act)
    {
        var formerMask = UMask((uint)mask);
        var formerGroup = SetFileGroup(group);
        var formerUser = SetFileUser(user);
        try
        {
            act();
        }
        finally
        {
            SetFileUser((uint)formerUser);
            SetFileGroup((uint)formerGroup);
            UMask(formerMask);
        }
    }

    private static IOException Failed(string what, string path, int error) =>
        new($"cannot {what} {path}: {new Win32Exception(error).Message}");

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int folder, string path, int flags, uint mask, out Status status);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle OpenAt(SafeFileHandle folder, string name, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static unsafe partial nint Write(SafeFileHandle file, byte* bytes, nint length);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int FLock(SafeFileHandle file, int operation);

    [LibraryImport("libc", EntryPoint = "fchmod", SetLastError = true)]
    private static partial int FChMod(SafeFileHandle file, uint mode);

    [LibraryImport("libc", EntryPoint = "mkdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MkDir(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "fchown", SetLastError = true)]
    private static partial int FChown(SafeFileHandle file, uint owner, uint group);

    [LibraryImport("libc", EntryPoint = "setfsuid")]
    private static partial int SetFileUser(uint user);

    [LibraryImport("libc", EntryPoint = "setfsgid")]
    private static partial int SetFileGroup(uint group);

    [LibraryImport("libc", EntryPoint = "umask")]
    private static partial uint UMask(uint mask);
}
