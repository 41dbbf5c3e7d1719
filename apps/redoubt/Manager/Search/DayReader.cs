using Redoubt.Record;
using Redoubt.Store;

namespace Redoubt.App.Manager;

/// <summary>Takes records of days into the index, a piece at a time.</summary>
/// <remarks>A compressed day stays open between its pieces, since every start would unpack it from its beginning. Threads: not safe.</remarks>
internal sealed class DayReader : IDisposable
{
    private const int RecordsOfPiece = 2000;
    private const int BytesOfPiece = 4 << 20;

    private (DayFile Day, DayRecords Records)? _unpacking;

    /// <summary>Takes the next piece of a day; false when there is none.</summary>
    internal bool Read(AlertIndex index, DayFile day, Action<DayFile, string> onDamage)
    {
        var state = index.StateOf(day.Day);
        if (state.IsWhole)
            return false;

        if (!File.Exists(day.Path))
            return Unpack(index, day, state, onDamage);

        var length = new FileInfo(day.Path).Length;
        if (length < state.End)
        {
            // Somebody has cut it: what was read is not what stands there now.
            index.Forget(day.Day);
            state = default;
        }

        if (length == state.End)
            return false;

        using var records = new DayRecords(day, state.End);
        var piece = new List<(long Start, byte[] Line)>();
        Fill(piece, records);
        if (piece.Count > 0)
            index.Add(day.Day, piece, new IndexedDay(records.Position, IsWhole: false));

        return piece.Count > 0;
    }

    public void Dispose()
    {
        _unpacking?.Records.Dispose();
        _unpacking = null;
    }

    private bool Unpack(AlertIndex index, DayFile day, IndexedDay state, Action<DayFile, string> onDamage)
    {
        var piece = new List<(long Start, byte[] Line)>();
        var isOver = true;
        try
        {
            if (_unpacking is not { } open || open.Day != day || open.Records.Position != state.End)
            {
                Dispose();
                _unpacking = (day, new DayRecords(day, state.End));
            }

            Fill(piece, _unpacking!.Value.Records);
            isOver = piece.Count == 0;
        }
        catch (InvalidDataException e)
        {
            onDamage(day, e.Message);
        }

        index.Add(day.Day, piece, new IndexedDay(_unpacking?.Records.Position ?? state.End, isOver));
        if (isOver)
            Dispose();

        return true;
    }

    private static void Fill(List<(long Start, byte[] Line)> piece, DayRecords records)
    {
        for (
            var bytes = 0;
            piece.Count < RecordsOfPiece && bytes < BytesOfPiece && records.TryRead(out var record);
            bytes += record.Line.Length
        )
            piece.Add(record);
    }
}
