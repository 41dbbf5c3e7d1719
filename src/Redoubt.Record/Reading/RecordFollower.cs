using System.Text;

namespace Redoubt.Record;

/// <summary>Reads the whole lines of a record file by its fixed name (<c>alerts.json</c>), and goes on in the next day's file when the name leads there.</summary>
/// <remarks>Cost of a look that finds nothing: three system calls. Threads: not safe. Errors: <see cref="IOException"/> and
/// <see cref="UnauthorizedAccessException"/> as the file system gives them.</remarks>
public sealed class RecordFollower : IDisposable
{
    private readonly string _path;
    private readonly byte[] _chunk = new byte[64 * 1024];
    private readonly List<byte> _rest = [];
    private FileStream _file;
    private string _openedName;

    /// <summary>Opens the file; reading begins at its start.</summary>
    /// <param name="path">The fixed name.</param>
    public RecordFollower(string path)
    {
        _path = path;
        _file = Open(path);
        _openedName = OpenFileName.Of(_file.SafeFileHandle);
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

    private static FileStream Open(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);

    private bool HasSuccessor() =>
        !string.Equals(OpenFileName.Of(_file.SafeFileHandle), _openedName, StringComparison.Ordinal)
        && new FileInfo(_path) is { Exists: true, Length: > 0 };

    private IEnumerable<string> ReadSuccessor()
    {
        _file.Dispose();
        _file = Open(_path);
        _openedName = OpenFileName.Of(_file.SafeFileHandle);
        _rest.Clear();
        return ReadToEnd();
    }

    private IEnumerable<string> ReadToEnd()
    {
        // Somebody has cut it.
        if (_file.Length < _file.Position)
        {
            _file.Position = 0;
            _rest.Clear();
        }

        for (var read = _file.Read(_chunk); read > 0; read = _file.Read(_chunk))
        {
            var start = 0;
            for (var end = EndOfLine(start, read); end >= 0; end = EndOfLine(start, read))
            {
                _rest.AddRange(_chunk.AsSpan(start, end - start));
                start = end + 1;
                var line = Encoding.UTF8.GetString([.. _rest]);
                _rest.Clear();
                yield return line;
            }

            _rest.AddRange(_chunk.AsSpan(start, read - start));
        }
    }

    private int EndOfLine(int start, int read)
    {
        var at = _chunk.AsSpan(start, read - start).IndexOf((byte)'\n');
        return at < 0 ? -1 : start + at;
    }
}
