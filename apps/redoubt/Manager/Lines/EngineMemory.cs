using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Redoubt.Engine;

namespace Redoubt.App.Manager;

/// <summary>The engine's memory on disk, so that a restart does not give an attacker a fresh start.</summary>
/// <remarks>
/// Saved when the manager ends, and now and then while lines come: after a kill the windows lack at most the lines since then, and never
/// count one twice, since a save comes after the batch's positions are stored. Saving takes at most a hundredth of the time.
/// Threads: the analysis task.
/// </remarks>
internal sealed class EngineMemory(string path, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(5);
    private const int CostFactor = 100;

    private long _lastSave = time.GetTimestamp();
    private TimeSpan _interval = Shortest;

    /// <summary>Gives an engine the memory of the last run.</summary>
    internal void Restore(AnalysisEngine engine)
    {
        if (!File.Exists(path))
            return;

        try
        {
            if (!engine.RestoreState(File.ReadAllBytes(path)))
                log.WindowsDamaged(path);
        }
        catch (IOException e)
        {
            log.WindowsNotRead(e.Message);
        }
    }

    /// <summary>Saves when it is time to.</summary>
    internal void SaveWhenDue(AnalysisEngine engine)
    {
        if (time.GetElapsedTime(_lastSave) >= _interval)
            Save(engine);
    }

    /// <summary>Saves now; the file is whole or the one before.</summary>
    internal void Save(AnalysisEngine engine)
    {
        var watch = Stopwatch.StartNew();
        try
        {
            File.WriteAllBytes(path + ".new", engine.ExportState());
            File.Move(path + ".new", path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log.WindowsNotSaved(e.Message);
        }

        _interval = watch.Elapsed * CostFactor > Shortest ? watch.Elapsed * CostFactor : Shortest;
        _lastSave = time.GetTimestamp();
    }
}
