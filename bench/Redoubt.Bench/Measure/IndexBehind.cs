using Redoubt.Record;
using Redoubt.Store;

namespace Redoubt.Bench.Measure;

/// <summary>Reads records into an index as the manager does, in pieces of 2,000, but without its rests.</summary>
internal sealed class IndexBehind(string logs, string path) : IDisposable
{
    private const int RecordsOfPiece = 2000;

    /// <summary>So many times as long as it works the manager's rests; more would not be seen in a short measurement.</summary>
    public const int Rest = 9;

    public AlertIndex Index { get; } = new(path);

    public long Records { get; private set; }

    /// <summary>Reads and reads until it is stopped.</summary>
    public void Follow(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested && TakePiece()) { }
    }

    /// <summary>Reads all there is.</summary>
    public void ReadToEnd()
    {
        while (TakePiece()) { }
    }

    public void Dispose() => Index.Dispose();

    private bool TakePiece()
    {
        foreach (var day in DayFile.Under(logs).Where(d => d.IsAlertsJson))
        {
            using var records = new DayRecords(day, Index.StateOf(day.Day).End);
            var piece = new List<(long Start, byte[] Line)>();
            while (piece.Count < RecordsOfPiece && records.TryRead(out var record))
                piece.Add(record);

            if (piece.Count == 0)
                continue;

            Index.Add(day.Day, piece, new IndexedDay(records.Position, IsWhole: false));
            Records += piece.Count;
            return true;
        }

        return false;
    }
}
