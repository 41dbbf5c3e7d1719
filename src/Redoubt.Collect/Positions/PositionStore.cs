using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Redoubt.Collect.Files;
using Redoubt.Collect.Native;
using Redoubt.Collect.Positions;

namespace Redoubt.Collect;

/// <summary>The durable positions: up to where the manager has acknowledged the lines of each file.</summary>
/// <remarks>
/// The collector reads ahead; only <see cref="Acknowledge(string,FileIdentity,long)"/> moves a position, and reading resumes there.
/// On disk: a text file of changes, appended with one write a call (some microseconds) and rewritten through a second file and a
/// rename when it has grown. A killed process loses nothing; a power cut may cost the last changes, and lines are read again.
/// A damaged line costs what it said; a file that is none of ours is put aside as <c>….corrupt</c> and everything is a first start.
/// If the disk refuses, positions stay in memory, the operator is told once, and each further change tries again.
/// Threads: safe.
/// </remarks>
public sealed partial class PositionStore : IDisposable
{
    private const string Header = "redoubt-positions 1";

    // Some ten thousand acknowledgements; a rewrite waits for the disk.
    private const long RewriteAboveBytes = 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, SourcePositions> _sources = new(StringComparer.Ordinal);
    private readonly StringBuilder _pending = new();
    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private FileStream? _file;
    private long _rewrittenBytes;
    private bool _failing;

    /// <summary>Reads the file, or begins one; its folder is made if missing.</summary>
    /// <param name="path">Where the positions are kept.</param>
    /// <param name="time">Seeds the generations of a new store, so that they do not repeat those of a lost one.</param>
    /// <param name="log">Told about damage and a refusing disk.</param>
    /// <exception cref="IOException">The file cannot be read or written, or another process has it open.</exception>
    /// <exception cref="UnauthorizedAccessException">No permission for the file or its folder.</exception>
    public PositionStore(string path, TimeProvider? time = null, ILogger? log = null)
    {
        _path = Path.GetFullPath(path);
        _time = time ?? TimeProvider.System;
        _log = log ?? NullLogger.Instance;
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        _file = Open(_path, FileMode.OpenOrCreate);
        Load();
        Rewrite();
    }

    /// <summary>Moves the position of one file forward; an older offset or an unknown file changes nothing.</summary>
    /// <remarks>Files are independent: after a rotation the last lines of the old file need an acknowledgement of their own.</remarks>
    public void Acknowledge(string sourceKey, FileIdentity file, long endOffset) =>
        Acknowledge([new LinePosition(sourceKey, file, endOffset)]);

    /// <summary>Moves the positions of several files with one write.</summary>
    public void Acknowledge(ReadOnlySpan<LinePosition> batch)
    {
        lock (_gate)
        {
            foreach (var (key, file, endOffset) in batch)
            {
                if (!_sources.TryGetValue(key, out var source) || !source.TryAdvance(file, endOffset, out var position))
                    continue;

                if (position.Offset >= position.End)
                    Change(new PositionRecord(PositionRecord.Ended, key, position, 0));
                else
                    Change(new PositionRecord(PositionRecord.Acknowledged, key, position, 0));
            }

            Save();
        }
    }

    /// <summary>Closes the file; everything has been written before.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _file?.Dispose();
            _file = null;
        }
    }

    /// <summary>Whether the source was ever followed; if not, this is its first start.</summary>
    internal bool IsKnown(string key)
    {
        lock (_gate)
            return _sources.ContainsKey(key);
    }

    /// <summary>The files of a source that are not done with, in the order in which they were begun.</summary>
    internal FilePosition[] Get(string key)
    {
        lock (_gate)
            return _sources.TryGetValue(key, out var source) ? [.. source.Files] : [];
    }

    /// <summary>Up to where a file is acknowledged; the largest number if the file is done with.</summary>
    internal long Acknowledged(string key, FileIdentity file)
    {
        lock (_gate)
            return _sources.TryGetValue(key, out var source) ? source.Acknowledged(file) : long.MaxValue;
    }

    /// <summary>Remembers that the source has been started, although it has no file yet.</summary>
    internal void Know(string key)
    {
        lock (_gate)
        {
            if (_sources.ContainsKey(key))
                return;
            Change(new PositionRecord(PositionRecord.Source, key, default, FirstGeneration()));
            Save();
        }
    }

    /// <summary>Takes up a file and gives it a generation that no file of this source had before.</summary>
    internal FileIdentity Begin(string key, FileFacts facts, long offset, Fingerprint fingerprint)
    {
        lock (_gate)
        {
            var generation = _sources.TryGetValue(key, out var source) ? source.NextGeneration : FirstGeneration();
            var file = new FileIdentity(facts.Device, facts.Inode, generation);
            BeginAt(key, new FilePosition(file, offset, fingerprint.Length, fingerprint.Hash));
            return file;
        }
    }

    /// <summary>Takes up a file, or a journal, whose identity is given.</summary>
    internal void BeginAt(string key, FilePosition position)
    {
        lock (_gate)
        {
            Change(new PositionRecord(PositionRecord.Begin, key, position, 0));
            Save();
        }
    }

    /// <summary>Writes down more of a file's first bytes.</summary>
    internal void Describe(string key, FileIdentity file, Fingerprint fingerprint)
    {
        lock (_gate)
        {
            if (!_sources.TryGetValue(key, out var source) || !source.TryFind(file, out var position))
                return;
            position = position with { FingerprintLength = fingerprint.Length, FingerprintHash = fingerprint.Hash };
            Change(new PositionRecord(PositionRecord.Begin, key, position, 0));
            Save();
        }
    }

    /// <summary>Nothing after <paramref name="end"/> will be read: the file is forgotten as soon as that much is acknowledged.</summary>
    internal void Finish(string key, FileIdentity file, long end)
    {
        lock (_gate)
        {
            if (!_sources.TryGetValue(key, out var source) || !source.TryFinish(file, end, out var position))
                return;
            if (position.Offset >= end)
            {
                Change(new PositionRecord(PositionRecord.Ended, key, position, 0));
                Save();
            }
        }
    }

    /// <summary>Forgets a source that is no longer configured.</summary>
    internal void Forget(string key)
    {
        lock (_gate)
        {
            if (!_sources.ContainsKey(key))
                return;
            Change(new PositionRecord(PositionRecord.Forgotten, key, default, 0));
            Save();
        }
    }

    private static FileStream Open(string path, FileMode mode)
    {
        var options = new FileStreamOptions
        {
            Mode = mode,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None, // the lock that keeps a second process out
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }

    // Seconds since 1970 fit until 2106. A file of a lost store can then not have the identity of one that is begun now, and lines
    // that the manager never saw are not taken for old ones.
    private uint FirstGeneration() => (uint)_time.GetUtcNow().ToUnixTimeSeconds();

    private void Change(PositionRecord record)
    {
        Take(record);
        _pending.Append(record.ToString()).Append('\n');
    }

    private void Take(PositionRecord record)
    {
        if (record.Kind == PositionRecord.Forgotten)
        {
            _sources.Remove(record.Key);
            return;
        }

        if (!_sources.TryGetValue(record.Key, out var source))
        {
            // An acknowledgement whose beginning is lost says nothing: the fingerprint is unknown.
            if (record.Kind is not (PositionRecord.Source or PositionRecord.Begin))
                return;
            _sources.Add(record.Key, source = new SourcePositions());
        }

        source.Take(record);
    }

    private void Load()
    {
        using var reader = new StreamReader(_file!, Encoding.UTF8, leaveOpen: true);
        var first = reader.ReadLine();
        if (first is null)
            return;

        if (!string.Equals(first, Header, StringComparison.Ordinal))
        {
            var aside = _path + ".corrupt";
            using (var copy = File.Create(aside))
            {
                _file!.Position = 0;
                _file.CopyTo(copy);
            }

            Log.NotAPositionFile(_log, _path, aside);
            return;
        }

        var damaged = 0;
        var last = true;
        while (reader.ReadLine() is { } line)
        {
            last = PositionRecord.TryParse(line, out var record);
            if (last)
                Take(record);
            else
                damaged++;
        }

        // One torn line at the end is what a kill in the middle of a write leaves; it was never reported as written.
        if (damaged > (last ? 0 : 1))
            Log.Damaged(_log, _path, damaged);
    }

    private void Save()
    {
        if (_pending.Length == 0 || _file is null)
            return;

        try
        {
            if (_failing || _file.Length > RewriteAboveBytes + (4 * _rewrittenBytes))
                Rewrite();
            else
                _file.Write(Encoding.UTF8.GetBytes(_pending.ToString()));
            if (_failing)
                Log.SavedAgain(_log, _path);
            _failing = false;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The state in memory is right, so the next change writes all of it anew.
            if (!_failing)
                Log.NotSaved(_log, _path, error.Message);
            _failing = true;
        }

        _pending.Clear();
    }

    private void Rewrite()
    {
        var all = new StringBuilder(Header).Append('\n');
        foreach (var (key, source) in _sources)
        {
            foreach (var record in source.Records(key))
                all.Append(record.ToString()).Append('\n');
        }

        var bytes = Encoding.UTF8.GetBytes(all.ToString());
        var temporary = _path + ".new";
        var file = Open(temporary, FileMode.Create);
        try
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
            File.Move(temporary, _path, overwrite: true);
        }
        catch
        {
            file.Dispose();
            throw;
        }

        _file!.Dispose();
        _file = file;
        _rewrittenBytes = bytes.Length;
    }
}
