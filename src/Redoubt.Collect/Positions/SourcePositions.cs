namespace Redoubt.Collect.Positions;

/// <summary>The files of one source in memory.</summary>
/// <remarks>Threads: not safe; the store's lock guards it. A source has one file, and a few during rotations, so it is a list.</remarks>
internal sealed class SourcePositions
{
    private readonly List<FilePosition> _files = [];

    internal IReadOnlyList<FilePosition> Files => _files;

    /// <summary>Larger than any generation this source has used.</summary>
    internal uint NextGeneration { get; private set; }

    internal void Take(PositionRecord record)
    {
        var file = record.Position.File;
        var index = IndexOf(file);
        switch (record.Kind)
        {
            case PositionRecord.Source:
                NextGeneration = Math.Max(NextGeneration, record.Generation);
                break;
            case PositionRecord.Begin when index < 0:
                _files.Add(record.Position);
                NextGeneration = Math.Max(NextGeneration, file.Generation + 1);
                break;
            case PositionRecord.Begin:
                _files[index] = record.Position with
                {
                    Offset = Math.Max(record.Position.Offset, _files[index].Offset),
                    End = _files[index].End,
                };
                break;
            case PositionRecord.Acknowledged when index >= 0:
                _files[index] = _files[index] with { Offset = Math.Max(record.Position.Offset, _files[index].Offset) };
                break;
            case PositionRecord.Ended when index >= 0:
                _files.RemoveAt(index);
                break;
        }
    }

    internal bool TryFind(FileIdentity file, out FilePosition position)
    {
        var index = IndexOf(file);
        position = index < 0 ? default : _files[index];
        return index >= 0;
    }

    internal bool TryAdvance(FileIdentity file, long offset, out FilePosition position)
    {
        if (!TryFind(file, out position) || offset <= position.Offset)
            return false;
        position = position with { Offset = offset };
        _files[IndexOf(file)] = position;
        return true;
    }

    internal bool TryFinish(FileIdentity file, long end, out FilePosition position)
    {
        if (!TryFind(file, out position))
            return false;
        position = position with { End = end };
        _files[IndexOf(file)] = position;
        return true;
    }

    internal long Acknowledged(FileIdentity file) => TryFind(file, out var position) ? position.Offset : long.MaxValue;

    internal IEnumerable<PositionRecord> Records(string key) =>
        _files
            .Select(file => new PositionRecord(PositionRecord.Begin, key, file, 0))
            .Prepend(new PositionRecord(PositionRecord.Source, key, default, NextGeneration));

    private int IndexOf(FileIdentity file) => _files.FindIndex(known => known.File == file);
}
