using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;

namespace Redoubt.Host;

/// <summary>Gives root away: the process goes on as an unprivileged user for good.</summary>
/// <remarks>Called once, before threads of its own exist, after the home's folders were made.</remarks>
public static partial class Privileges
{
    /// <summary>Whether this process is root.</summary>
    public static bool IsRoot => GetEffectiveUserId() == 0;

    /// <summary>The user this process runs as.</summary>
    public static uint UserId => GetEffectiveUserId();

    /// <summary>Makes folders that belong to the user, in a home whose group is the user's: what the enforcer, which stays root,
    /// writes there for the agent has that group.</summary>
    public static void OwnFolders(ServiceUser user, string home, IEnumerable<string> folders)
    {
        Directory.CreateDirectory(home);
        if (IsRoot)
        {
            LChown(home, KeepOwner, user.GroupId);
            File.SetUnixFileMode(home, File.GetUnixFileMode(home) | UnixFileMode.GroupRead | UnixFileMode.GroupExecute);
        }

        foreach (var folder in folders)
        {
            Directory.CreateDirectory(folder);
            if (IsRoot)
                OwnTree(user, folder);
        }
    }

    /// <summary>Becomes the user. Files made from now on are for it and its group only: they hold lines of logs.</summary>
    /// <param name="user">Who.</param>
    /// <param name="needed">Folders the process must be able to enter afterwards, its own program's among them.</param>
    /// <param name="log">Told when root has to stay.</param>
    /// <returns>False when the user cannot enter a needed folder: then the process stays root and a warning says why.</returns>
    /// <exception cref="StartException">The kernel refuses.</exception>
    public static bool Drop(ServiceUser user, IEnumerable<string> needed, ILogger log)
    {
        _ = SetFileMask(FileMask);
        if (!IsRoot)
            return true;

        foreach (var folder in needed.Append(AppContext.BaseDirectory).Append(RuntimeFolder()))
        {
            if (FirstClosed(user, folder) is not { } closed)
                continue;

            log.StaysRoot(user.Name, closed, closed);
            return false;
        }

        uint[] groups = [user.GroupId, .. user.Groups];
        // glibc changes all threads of the process, the runtime's included.
        if (
            SetGroups(groups.Length, groups) != 0
            || SetResGid(user.GroupId, user.GroupId, user.GroupId) != 0
            || SetResUid(user.UserId, user.UserId, user.UserId) != 0
        )
        {
            throw new StartException(
                $"Cannot become user {user.Name}: {Marshal.GetLastPInvokeErrorMessage()}.",
                StartException.Unreachable
            );
        }

        return true;
    }

    private static string RuntimeFolder() => RuntimeEnvironment.GetRuntimeDirectory();

    private static void OwnTree(ServiceUser user, string path)
    {
        LChown(path, user.UserId, user.GroupId);
        if (File.ResolveLinkTarget(path, returnFinalTarget: false) is not null || !Directory.Exists(path))
            return;

        File.SetUnixFileMode(
            path,
            File.GetUnixFileMode(path)
                | UnixFileMode.UserRead
                | UnixFileMode.UserWrite
                | UnixFileMode.UserExecute
                | UnixFileMode.GroupRead
                | UnixFileMode.GroupExecute
        );
        foreach (var entry in Directory.EnumerateFileSystemEntries(path))
            OwnTree(user, entry);
    }

    // The first folder on the way that the user has no search permission for.
    private static string? FirstClosed(ServiceUser user, string folder)
    {
        var parts = Path.GetFullPath(folder).Split('/', StringSplitOptions.RemoveEmptyEntries);
        var path = "/";
        foreach (var part in parts)
        {
            path = Path.Combine(path, part);
            if (!Directory.Exists(path))
                return null;

            if (!MayEnter(user, path))
                return path;
        }

        return null;
    }

    private static bool MayEnter(ServiceUser user, string path)
    {
        if (Stat(AtCurrentFolder, path, 0, StatxBasic, out var stat) != 0)
            return false;

        var mode = stat.Mode;
        if (stat.UserId == user.UserId)
            return (mode & 0b001_000_000) != 0;

        return stat.GroupId == user.GroupId || user.Groups.Contains(stat.GroupId)
            ? (mode & 0b000_001_000) != 0
            : (mode & 0b000_000_001) != 0;
    }

    private const uint FileMask = 0b000_010_111;
    private const uint KeepOwner = uint.MaxValue;
    private const int AtCurrentFolder = -100;
    private const uint StatxBasic = 0x7FF;

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint GetEffectiveUserId();

    [LibraryImport("libc", EntryPoint = "umask")]
    private static partial uint SetFileMask(uint mask);

    [LibraryImport("libc", EntryPoint = "setgroups", SetLastError = true)]
    private static partial int SetGroups(nint count, uint[] groups);

    [LibraryImport("libc", EntryPoint = "setresgid", SetLastError = true)]
    private static partial int SetResGid(uint real, uint effective, uint saved);

    [LibraryImport("libc", EntryPoint = "setresuid", SetLastError = true)]
    private static partial int SetResUid(uint real, uint effective, uint saved);

    [LibraryImport("libc", EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LChown(string path, uint user, uint group);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Stat(int folder, string path, int flags, uint mask, out Statx result);

    // struct statx of Linux, as far as it is read here; the rest is padding.
    [StructLayout(LayoutKind.Sequential, Size = 256)]
    private struct Statx
    {
        public uint Mask;
        public uint BlockSize;
        public ulong Attributes;
        public uint Links;
        public uint UserId;
        public uint GroupId;
        public ushort Mode;
    }
}
