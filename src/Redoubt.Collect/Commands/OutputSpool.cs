using System.Buffers.Binary;
using System.Globalization;
using Redoubt.Collect.Positions;

namespace Redoubt.Collect.Commands;

/// <summary>What commands have said and the manager has not acknowledged, on disk: <c>arrival (8) text</c>, little endian.</summary>
/// <remarks>Threads: the reader thread.</remarks>
internal sealed class OutputSpool : IDisposable
{
    private readonly string _folder;
    private readonly string _key;
    private readonly PositionStore _positions;
    private readonly LineSpool _spool;
    private readonly SpoolGauge _gauge = new();
    private long _read;

    /// <exception cref="IOException">The folder cannot be used.</exception>
    /// <exception cref="UnauthorizedAccessException">It is not ours.</exception>
    internal OutputSpool(CommandSourceOptions options, PositionStore positions)
    {
        (_key, _positions) = (options.Key, positions);
        _folder = FolderOf(options);
        _spool = new LineSpool(_folder, options.SpoolBytes);
        Identity = new FileIdentity(
            ulong.Parse(_spool.Id.AsSpan(0, 16), NumberStyles.HexNumber, CultureInfo.InvariantCulture),
            ulong.Parse(_spool.Id.AsSpan(16), NumberStyles.HexNumber, CultureInfo.InvariantCulture),
            0
        );
        if (!Array.Exists(positions.Get(_key), p => p.File == Identity))
        {
            positions.Forget(_key);
            positions.BeginAt(_key, new FilePosition(Identity, 0, 0, 0));
        }

        Rewind();
    }

    /// <summary>Stands for the spool among positions.</summary>
    internal FileIdentity Identity { get; }

    internal long BrokenSegments => _spool.BrokenSegments;

    /// <summary>Takes a record.</summary>
    /// <param name="text">Its bytes.</param>
    /// <param name="arrival">Unix time in milliseconds.</param>
    /// <param name="level">How full it is when that is news: 50, 70, 90, or 100 when there was no room; null: no news.</param>
    /// <returns>False: there is no room, or the disk failed.</returns>
    internal bool TryAppend(ReadOnlySpan<byte> text, long arrival, out int? level)
    {
        var record = new byte[sizeof(long) + text.Length];
        BinaryPrimitives.WriteInt64LittleEndian(record, arrival);
        text.CopyTo(record.AsSpan(sizeof(long)));
        bool isTaken;
        try
        {
            isTaken = _spool.TryAppend(record);
        }
        catch (IOException)
        {
            isTaken = false; // a full disk is a full spool
        }

        level = _gauge.Note(_spool.Bytes, _spool.MaxBytes, hasShed: !isTaken);
        return isTaken;
    }

    /// <summary>The next record that was not passed; false at the end.</summary>
    internal bool TryRead(out ReadOnlySpan<byte> text, out long arrival, out long end)
    {
        text = default;
        arrival = 0;
        while (_spool.TryRead(_read, out var record, out end))
        {
            if (record.Length >= sizeof(long))
            {
                text = record.AsSpan(sizeof(long));
                arrival = BinaryPrimitives.ReadInt64LittleEndian(record);
                return true;
            }

            _read = end; // none of ours
        }

        return false;
    }

    internal bool HasMore => _spool.TryRead(_read, out _, out _);

    /// <summary>A record was handed on.</summary>
    internal void Pass(long end) => _read = end;

    /// <summary>Gives back what is acknowledged.</summary>
    internal void Release()
    {
        _spool.Release(_positions.Acknowledged(_key, Identity));
        _gauge.Note(_spool.Bytes, _spool.MaxBytes, hasShed: false);
    }

    /// <summary>Goes back to what is acknowledged.</summary>
    internal void Rewind() => _read = _positions.Acknowledged(_key, Identity);

    /// <summary>Removes it, because the command is no longer configured.</summary>
    internal static void Remove(CommandSourceOptions options)
    {
        if (Directory.Exists(FolderOf(options)))
            Directory.Delete(FolderOf(options), recursive: true);
    }

    public void Dispose() => _spool.Dispose();

    private static string FolderOf(CommandSourceOptions options) =>
        Path.Combine(
            options.SpoolFolder,
            Fnv.Hash(System.Text.Encoding.UTF8.GetBytes(options.Key)).ToString("x16", CultureInfo.InvariantCulture)
        );
}
