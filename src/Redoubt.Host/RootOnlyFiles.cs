using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Redoubt.Host;

/// <summary>Opens log files that only root may read, after the process has become another user.</summary>
/// <remarks>
/// One thread keeps the capability to read (CAP_DAC_READ_SEARCH) and nothing else; every other thread has none. It opens a file only to read, never
/// through a link, and only what the host's own configuration names, with its rotated neighbours: a configuration that comes from
/// a manager opens nothing here. Made before <see cref="Privileges.Drop"/>, else the kernel takes the capability away.
/// Threads: safe. Source: docs/decisions/0002-privileges.md.
/// </remarks>
public sealed partial class RootOnlyFiles : IDisposable
{
    private const int KeepCapabilities = 8;
    private const uint CapabilityVersion3 = 0x2008_0522;
    private const uint ReadSearch = 1u << 2;
    private const int OpenToRead = 0x0008_0000 | 0x0002_0000 | 0x0800; // O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK

    private readonly BlockingCollection<Request> _requests = [];
    private readonly TaskCompletionSource _started = new();
    private readonly ManualResetEventSlim _dropped = new();
    private IReadOnlyList<string> _allowed = [];

    private RootOnlyFiles() { }

    /// <summary>Starts the thread; null when the process is not root and has nothing to keep.</summary>
    public static RootOnlyFiles? Start()
    {
        if (!Privileges.IsRoot)
            return null;

        var files = new RootOnlyFiles();
        new Thread(files.Run) { IsBackground = true, Name = "root-only files" }.Start();
        files._started.Task.GetAwaiter().GetResult();
        return files;
    }

    /// <summary>Tells the thread that the process has become another user: from now on it holds the one capability.</summary>
    /// <param name="paths">Files that the host's own configuration names; wildcards and date codes mean everything that begins like them.</param>
    public void Allow(IEnumerable<string> paths)
    {
        Volatile.Write(ref _allowed, [.. paths.Select(FixedPart)]);
        _dropped.Set();
    }

    /// <summary>Opens a file that this user may not read.</summary>
    /// <returns>Null when it is none of the allowed ones, or cannot be opened.</returns>
    public SafeFileHandle? TryOpen(string path)
    {
        if (
            !Volatile
                .Read(ref _allowed)
                .Any(allowed =>
                    path.StartsWith(allowed, StringComparison.Ordinal) && !path[allowed.Length..].Contains('/', StringComparison.Ordinal)
                )
        )
            return null;

        using var request = new Request(path);
        _requests.Add(request);
        return request.Wait();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _requests.CompleteAdding();
        _dropped.Set();
    }

    private void Run()
    {
        // The kernel clears a thread's capabilities when its user changes, unless the thread asked to keep them.
        _ = Control(KeepCapabilities, 1, 0, 0, 0);
        _started.SetResult();
        _dropped.Wait();
        KeepReadingOnly();
        foreach (var request in _requests.GetConsumingEnumerable())
        {
            var descriptor = Open(request.Path, OpenToRead);
            request.Answer(descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true));
        }
    }

    private static void KeepReadingOnly()
    {
        var header = new Header { Version = CapabilityVersion3 };
        Sets[] sets = [new Sets { Effective = ReadSearch, Permitted = ReadSearch }, default];
        _ = SetCapabilities(ref header, sets);
    }

    // What stands before the first wildcard or date code; of a plain path all of it, so that auth.log allows auth.log.1.
    private static string FixedPart(string path)
    {
        var special = path.AsSpan().IndexOfAny("*?[%");
        return special < 0 ? path : path[..special];
    }

    private sealed class Request(string path) : IDisposable
    {
        private readonly ManualResetEventSlim _answered = new();
        private SafeFileHandle? _file;

        internal string Path { get; } = path;

        internal void Answer(SafeFileHandle? file)
        {
            _file = file;
            _answered.Set();
        }

        internal SafeFileHandle? Wait()
        {
            _answered.Wait();
            return _file;
        }

        public void Dispose() => _answered.Dispose();
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Header
    {
        public uint Version;
        public int ProcessId;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Sets
    {
        public uint Effective;
        public uint Permitted;
        public uint Inheritable;
    }

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial int Control(int option, ulong argument2, ulong argument3, ulong argument4, ulong argument5);

    [LibraryImport("libc", EntryPoint = "capset", SetLastError = true)]
    private static partial int SetCapabilities(ref Header header, Sets[] sets);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);
}
