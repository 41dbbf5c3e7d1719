using System.Text;

namespace Redoubt.Record;

/// <summary>Reads the whole lines of a record file by its fixed name (<c>alerts.json</c>), and goes on in the next day's file when the name leads there.</summary>
/// <remarks>Cost of a look that finds nothing: three system calls. Threads: not safe. Errors: <see cref="IOException"/> and
/// <see cref="UnauthorizedAccessException"/> as the file system gives them.</remarks>
public sealed class RecordFollower : IDisposable
{
    private readonly string _path;
    private FileStream _file;
    private WholeLines _lines;
    private string _openedName;

    /// <summary>Opens the file; reading begins at its start.</summary>
    /// <param name="path">The fixed name.</param>
    public RecordFollower(string path)
    {
        _path = path;
        (_file, _lines, _openedName) = Open(path);
    }

    /// <summary>Lines that were written since the last look; what is half written comes with a later one.</summary>
    public IEnumerable<string> ReadNew()
    {
        foreach (var line in ReadToEnd())
            yield return line;

        if (!HasSuccessor())
            yield break;

        // The manager writes a batch's records of the old day before those of the new one, so there will be no more.
        foreach (var line in ReadToEnd().Concat(ReadSuccessor()))
            yield return line;
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static (FileStream File, WholeLines Lines, string Name) Open(string path)
    {
        var file = DayRecords.Open(path);
        return (file, new WholeLines(file), OpenFileName.Of(file.SafeFileHandle));
    }

    private bool HasSuccessor() =>
        !string.Equals(OpenFileName.Of(_file.SafeFileHandle), _openedName, StringComparison.Ordinal)
        && new FileInfo(_path) is { Exists: true, Length: > 0 };

    private IEnumerable<string> ReadSuccessor()
    {
        _file.Dispose();
        (_file, _lines, _openedName) = Open(_path);
        return ReadToEnd();
    }

    private IEnumerable<string> ReadToEnd()
    {
        // Somebody has cut it.
        if (_file.Length < _file.Position)
        {
            _file.Position = 0;
            _lines = new WholeLines(_file);
        }

        while (_lines.TryRead(out var line))
            yield return Encoding.UTF8.GetString(line);
    }
}
