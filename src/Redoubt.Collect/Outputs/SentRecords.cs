namespace Redoubt.Collect;

/// <summary>How far the records of one source have gone to each of its sockets, so that one that is read again is not sent again.</summary>
/// <remarks>In memory: after a restart what was not acknowledged goes to the sockets once more. Threads: the reader thread.</remarks>
internal sealed class SentRecords
{
    private const int Limit = 256;

    private readonly Dictionary<(OutputSocketOptions Socket, FileIdentity File), long> _ends = [];

    internal bool Has(OutputSocketOptions socket, FileIdentity file, long end) =>
        _ends.TryGetValue((socket, file), out var sent) && end <= sent;

    internal void Add(OutputSocketOptions socket, FileIdentity file, long end)
    {
        // Rotated files of long ago; that a record is then sent twice is possible, and none is lost.
        if (_ends.Count == Limit && !_ends.ContainsKey((socket, file)))
            _ends.Clear();

        _ends[(socket, file)] = end;
    }
}
