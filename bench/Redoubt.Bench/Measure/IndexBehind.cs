using System.Diagnostics;
using Redoubt.Record;
using Redoubt.Store;

namespace Redoubt.Bench.Measure;

/// <summary>Reads records into an index as the manager does: pieces of 2,000, and a rest of four times as long after each.</summary>
internal sealed class IndexBehind(string logs, string path) : IDisposable
{
    private const int RecordsOfPiece = 2000;
    private const int Rest = 4;

    public AlertIndex Index { get; } = new(path);

    public long Records { get; private set; }

    /// <summary>Follows the records until it is stopped.</summary>
    public void Follow(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            var watch = Stopwatch.StartNew();
            TakePiece();
            stopping.WaitHandle.WaitOne(watch.Elapsed * Rest);
        }
    }

    /// <summary>Reads all there is without a rest.</summary>
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
