using System.Runtime.InteropServices;

namespace Redoubt.Collect.Journald;

/// <summary>The journal calls of libsystemd. They return a negative error number on failure. Source: sd-journal(3).</summary>
/// <remarks>A journal may be used by one thread at a time; here it is always the reader thread.</remarks>
internal static partial class Libsystemd
{
    internal const int LocalOnly = 1;
    private const string Library = "libsystemd.so.0";

    [LibraryImport(Library)]
    internal static partial int sd_journal_open(out nint journal, int flags);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int sd_journal_open_directory(out nint journal, string path, int flags);

    [LibraryImport(Library)]
    internal static partial void sd_journal_close(nint journal);

    [LibraryImport(Library)]
    internal static partial int sd_journal_set_data_threshold(JournalHandle journal, nuint size);

    [LibraryImport(Library)]
    internal static partial int sd_journal_seek_head(JournalHandle journal);

    [LibraryImport(Library)]
    internal static partial int sd_journal_seek_tail(JournalHandle journal);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int sd_journal_seek_cursor(JournalHandle journal, string cursor);

    [LibraryImport(Library)]
    internal static partial int sd_journal_seek_realtime_usec(JournalHandle journal, ulong microseconds);

    [LibraryImport(Library)]
    internal static partial int sd_journal_next(JournalHandle journal);

    [LibraryImport(Library)]
    internal static partial int sd_journal_previous(JournalHandle journal);

    [LibraryImport(Library)]
    internal static partial int sd_journal_get_cursor(JournalHandle journal, out nint cursor);

    [LibraryImport(Library)]
    internal static partial int sd_journal_get_realtime_usec(JournalHandle journal, out ulong microseconds);

    [LibraryImport(Library)]
    internal static unsafe partial int sd_journal_get_data(JournalHandle journal, byte* field, out byte* data, out nuint length);

    [LibraryImport(Library)]
    internal static partial int sd_journal_get_fd(JournalHandle journal);

    [LibraryImport(Library)]
    internal static partial int sd_journal_process(JournalHandle journal);
}
