using Redoubt.Engine;
using Redoubt.Record;

namespace Redoubt.Bench.Measure;

/// <summary>The way of a line to its records on disk: analysed, and written a batch at a time.</summary>
internal sealed class RecordedLane : Lane, IDisposable
{
    private const int LinesOfBatch = 64;

    private readonly EngineLane _engine;
    private readonly RecordStage _records;

    public RecordedLane(Ruleset ruleset, CorpusFile corpus, string folder)
        : base("recorded")
    {
        _records = new RecordStage(
            new RecordOptions
            {
                Folder = folder,
                ManagerName = "web1",
                AlertsLog = false,
            },
            TimeZoneInfo.Utc
        );
        _engine = new EngineLane("engine", ruleset, corpus) { OnAlert = a => _records.AddAlert(_records.AssignId(a)) };
    }

    public override void Run(int lines)
    {
        for (; lines > 0; lines -= LinesOfBatch)
        {
            _engine.Run(Math.Min(lines, LinesOfBatch));
            _records.WriteQueued();
        }
    }

    public void Dispose()
    {
        _engine.Dispose();
        _records.Dispose();
    }
}
