using System.Buffers.Text;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Redoubt.Collect.Journald;

/// <summary>Where an entry stands: its sequence number within a 128-bit sequence number id. Both are in its cursor.</summary>
/// <param name="Sequence">The id in two halves, as the identity of the "file".</param>
/// <param name="Number">Increases by one an entry within its id, over all files of the journal.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct JournalPlace(FileIdentity Sequence, long Number)
{
    /// <summary>A cursor that <c>sd_journal_seek_cursor</c> understands.</summary>
    internal string Cursor => string.Create(CultureInfo.InvariantCulture, $"s={Sequence.Device:x16}{Sequence.Inode:x16};i={Number:x}");

    /// <summary>Reads <c>s=32 hex digits;i=hex;…</c>.</summary>
    internal static bool TryParse(ReadOnlySpan<byte> cursor, out JournalPlace place)
    {
        place = default;
        if (
            !cursor.StartsWith("s="u8)
            || cursor.Length < 38
            || !Utf8Parser.TryParse(cursor.Slice(2, 16), out ulong high, out var highLength, 'x')
            || highLength != 16
            || !Utf8Parser.TryParse(cursor.Slice(18, 16), out ulong low, out var lowLength, 'x')
            || lowLength != 16
            || !cursor[34..].StartsWith(";i="u8)
            || !Utf8Parser.TryParse(cursor[37..], out long number, out _, 'x')
        )
            return false;

        place = new JournalPlace(new FileIdentity(high, low, 0), number);
        return true;
    }
}
