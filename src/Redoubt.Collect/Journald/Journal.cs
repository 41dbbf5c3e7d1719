using System.Runtime.InteropServices;
using Redoubt.Collect.Native;

namespace Redoubt.Collect.Journald;

/// <summary>An open journal, without pointers.</summary>
/// <remarks>Threads: the reader thread. Cost: 1 to 2 us an entry and field; what is returned is the journal's own memory.</remarks>
internal sealed class Journal : IDisposable
{
    private static readonly string[] SystemFolders = ["/run/log/journal", "/var/log/journal"];

    private readonly JournalHandle _handle;

    private Journal(JournalHandle handle)
    {
        _handle = handle;
        Descriptor = Libsystemd.sd_journal_get_fd(handle);
    }

    /// <summary>Readable when entries came; -1 if the journal cannot be watched.</summary>
    internal int Descriptor { get; }

    /// <exception cref="DllNotFoundException">This host has no libsystemd.</exception>
    /// <returns>The journal, or null and the error number.</returns>
    internal static unsafe Journal? Open(JournaldSourceOptions options, out int error)
    {
        error = options.Folder is { } folder
            ? -Libsystemd.sd_journal_open_directory(out var pointer, folder, 0)
            : -Libsystemd.sd_journal_open(out pointer, Libsystemd.LocalOnly);
        if (error > 0)
            return null;

        var handle = new JournalHandle(pointer);
        Libsystemd.sd_journal_set_data_threshold(handle, (nuint)options.MaxLineBytes + 64);
        return new Journal(handle);
    }

    public void Dispose() => _handle.Dispose();

    /// <summary>The folders that exist of those that hold the journal: this one, or this host's.</summary>
    internal static IEnumerable<string> FoldersOf(string? folder) => (folder is null ? SystemFolders : [folder]).Where(Directory.Exists);

    /// <summary>Waits for a notice of new entries, which may come up to a quarter of a second after them.</summary>
    internal unsafe void Wait(int milliseconds)
    {
        var entry = new Libc.PollEntry { Descriptor = Descriptor, Events = Libc.PollIn };
        _ = Libc.poll(&entry, 1, milliseconds);
    }

    /// <summary>Takes notice of new, rotated and deleted journal files.</summary>
    internal void Process() => Libsystemd.sd_journal_process(_handle);

    internal void SeekHead() => Libsystemd.sd_journal_seek_head(_handle);

    internal void SeekRealtime(ulong microseconds) => Libsystemd.sd_journal_seek_realtime_usec(_handle, microseconds);

    /// <summary>Seeks so that the next entry is the one at that place, or the first after it if that one is gone or does not match.</summary>
    internal bool Seek(JournalPlace place) => Libsystemd.sd_journal_seek_cursor(_handle, place.Cursor) >= 0;

    /// <summary>Goes to the last entry.</summary>
    /// <returns>Whether there is one.</returns>
    internal bool Last() => Libsystemd.sd_journal_seek_tail(_handle) >= 0 && Libsystemd.sd_journal_previous(_handle) > 0;

    /// <summary>Goes to the next entry.</summary>
    /// <returns>1 if there is one, 0 at the end, or a negative error number.</returns>
    internal int Next() => Libsystemd.sd_journal_next(_handle);

    internal unsafe bool TryGetPlace(out JournalPlace place)
    {
        place = default;
        if (Libsystemd.sd_journal_get_cursor(_handle, out var cursor) < 0)
            return false;

        var isPlace = JournalPlace.TryParse(MemoryMarshal.CreateReadOnlySpanFromNullTerminated((byte*)cursor), out place);
        NativeMemory.Free((void*)cursor);
        return isPlace;
    }

    /// <summary>When the journal received the entry, microseconds since 1970.</summary>
    internal ulong Realtime() => Libsystemd.sd_journal_get_realtime_usec(_handle, out var microseconds) < 0 ? 0 : microseconds;

    /// <summary>A field's value; empty if the entry has none. Valid until the next call.</summary>
    /// <param name="field">Its name, ended by a NUL byte.</param>
    internal ReadOnlySpan<byte> Get(ReadOnlySpan<byte> field) => TryGet(field, out var value) ? value : default;

    /// <summary>The same, and whether the entry has the field.</summary>
    internal unsafe bool TryGet(ReadOnlySpan<byte> field, out ReadOnlySpan<byte> value)
    {
        value = default;
        fixed (byte* name = field)
        {
            if (Libsystemd.sd_journal_get_data(_handle, name, out var data, out var length) < 0)
                return false;

            // "FIELD=value", and the name here has the length of "FIELD=" because of its NUL.
            var whole = new ReadOnlySpan<byte>(data, (int)length);
            value = whole.Length < field.Length ? default : whole[field.Length..];
            return true;
        }
    }
}
