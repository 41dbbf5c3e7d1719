using Microsoft.Win32.SafeHandles;
using Redoubt.Collect.Formats;
using Redoubt.Collect.Native;
using Redoubt.Model;

namespace Redoubt.Collect.Files;

/// <summary>Reads one buffer of a file and cuts it into lines.</summary>
/// <remarks>
/// Cost: two <c>pread</c> a buffer, nothing allocated. A line is handed on when its newline is there, not before, so that offsets are
/// exact and a rewind gives the same lines. Threads: the reader thread.
/// </remarks>
internal sealed class LineReader(Source source, RecordFormat? format, TimeProvider time)
{
    internal enum Outcome
    {
        /// <summary>Nothing more to read now.</summary>
        Drained,

        /// <summary>There may be more.</summary>
        More,

        /// <summary>The sink or a request stopped it.</summary>
        Stopped,

        /// <summary>The file does not begin as it did, or is shorter than what was read: nothing of it was handed on.</summary>
        Replaced,

        /// <summary>The kernel refused.</summary>
        Failed,
    }

    internal Outcome Read(FileReader reader, Delivery delivery)
    {
        var max = source.Options.MaxLineBytes;
        var buffer = delivery.BufferFor(max);
        var count = Libc.ReadAt(reader.Handle, buffer, reader.Scanned);
        reader.Error = Math.Max(-count, 0);
        if (count < 0)
        {
            reader.IsDrained = true;
            return Outcome.Failed;
        }

        // Checked after the read: what the buffer holds is then surely of the content that was begun.
        if (!reader.Fingerprint.Matches(reader.Handle) || (count == 0 && IsCut(reader)))
            return Outcome.Replaced;

        SaveFingerprint(reader);
        var arrival = delivery.NowUnixMilliseconds;
        var outcome =
            reader.Scanned > reader.LineStart
                ? FinishOverlong(reader, delivery, buffer, count, arrival)
                : Cut(reader, delivery, buffer.AsSpan(0, count), arrival, max, isFull: count == buffer.Length);
        reader.IsDrained = outcome == Outcome.Drained;
        return outcome;
    }

    /// <summary>Where to begin at the end of a file: before its last line if that still lacks its newline.</summary>
    internal static long StartOfLastLine(SafeFileHandle handle, long size, int maxLineBytes)
    {
        var start = Math.Max(0, size - maxLineBytes);
        var tail = new byte[(int)(size - start)];
        var count = Math.Max(0, Libc.ReadAt(handle, tail, start));
        var newline = tail.AsSpan(0, count).LastIndexOf((byte)'\n');
        return newline >= 0 ? start + newline + 1
            : start == 0 ? 0
            : size;
    }

    private static bool IsCut(FileReader reader)
    {
        var size = FileFacts.Of(reader.Handle).Size;
        if (size < reader.Scanned)
            reader.Scanned = reader.LineStart;
        return size < reader.LineStart;
    }

    private Outcome Cut(FileReader reader, Delivery delivery, ReadOnlySpan<byte> bytes, long arrival, int max, bool isFull)
    {
        var rest = bytes;
        for (int newline; (newline = rest.IndexOf((byte)'\n')) >= 0; rest = rest[(newline + 1)..])
        {
            if (!HandOn(reader, delivery, reader.LineStart + newline + 1, rest[..newline], arrival, truncated: false))
                return Outcome.Stopped;
        }

        if (rest.Length != bytes.Length)
        {
            reader.GrewAt = time.GetTimestamp();
            return isFull ? Outcome.More : Outcome.Drained;
        }

        if (bytes.Length < max + 2)
            return Outcome.Drained;

        // Longer than a line may be, a carriage return included, and no newline in sight.
        reader.Scanned += bytes.Length;
        if (bytes.IndexOfAnyExcept((byte)0) < 0)
        {
            // A writer without O_APPEND leaves a hole of NUL bytes after copytruncate; its next line stands behind the hole.
            reader.LineStart = reader.Scanned;
            reader.AfterHole = true;
        }

        return isFull ? Outcome.More : Outcome.Drained;
    }

    private Outcome FinishOverlong(FileReader reader, Delivery delivery, byte[] buffer, int count, long arrival)
    {
        var newline = buffer.AsSpan(0, count).IndexOf((byte)'\n');
        if (newline < 0)
        {
            reader.Scanned += count;
            return count == buffer.Length ? Outcome.More : Outcome.Drained;
        }

        var end = reader.Scanned + newline + 1;
        var beginning = buffer.AsSpan(0, source.Options.MaxLineBytes);
        if (Libc.ReadAt(reader.Handle, beginning, reader.LineStart) != beginning.Length)
            return Outcome.Drained; // cut just now; the next look finds out

        if (!HandOn(reader, delivery, end, beginning, arrival, truncated: true))
            return Outcome.Stopped;
        reader.GrewAt = time.GetTimestamp();
        return Outcome.More;
    }

    private bool HandOn(FileReader reader, Delivery delivery, long end, ReadOnlySpan<byte> text, long arrival, bool truncated)
    {
        var length = end - reader.LineStart;
        if (!truncated && text.Length > 0 && text[^1] == '\r')
            text = text[..^1];
        if (reader.AfterHole || text.Length > source.Options.MaxLineBytes)
            text = text.TrimStart((byte)0);
        if (format is null)
        {
            if (!Send(reader, delivery, end, arrival, length, text, truncated))
                return false;
        }
        else if (!Join(reader, delivery, end, arrival, text, truncated))
        {
            return false;
        }

        reader.Pass(end);
        return true;
    }

    /// <summary>Hands a record on that has waited long enough for more lines, or whose file has come to its end.</summary>
    /// <returns>Whether there is nothing left to hand on now.</returns>
    internal bool Flush(FileReader reader, Delivery delivery, bool isEnd)
    {
        var pending = reader.Pending;
        return pending.IsEmpty || (!isEnd && !IsDue(pending)) || SendPending(reader, delivery);
    }

    /// <summary>Whether a record has waited long enough.</summary>
    internal bool IsDue(PendingRecord pending) => !pending.IsEmpty && time.GetElapsedTime(pending.GrewAt) >= format!.Patience;

    private bool Join(FileReader reader, Delivery delivery, long end, long arrival, ReadOnlySpan<byte> line, bool truncated)
    {
        var pending = reader.Pending;
        if (!pending.IsEmpty && format!.Begins(pending, line) && !SendPending(reader, delivery))
            return false;

        if (format!.Skips(pending, line))
            return true;

        pending.Count(reader.LineStart, end, arrival, time.GetTimestamp(), truncated);
        format.Add(pending, line, source.Options.MaxLineBytes);
        if (!format.Ends(pending))
            return true;

        if (SendPending(reader, delivery))
            return true;

        // The line is not passed and comes again: its record without it is what waits.
        pending.Clear();
        reader.Pass(pending.Start);
        return false;
    }

    private bool SendPending(FileReader reader, Delivery delivery)
    {
        var pending = reader.Pending;
        if (!Send(reader, delivery, pending.End, pending.Arrival, pending.End - pending.Start, pending.Text, pending.IsTruncated))
            return false;

        pending.Clear();
        return true;
    }

    private bool Send(FileReader reader, Delivery delivery, long end, long arrival, long length, ReadOnlySpan<byte> text, bool truncated)
    {
        if (!source.IsWanted(text))
            return true;

        if (!delivery.TryDeliver(source, reader.Identity, end, arrival, length, text, truncated, StandingOf(reader, delivery, text)))
            return false;

        reader.HandedOn = end;
        return true;
    }

    // What has the header of a syslog daemon was passed on by one, whoever may write the file.
    private static LineStanding StandingOf(FileReader reader, Delivery delivery, ReadOnlySpan<byte> text) =>
        SyslogHeader.EndOf(text) is >= 0 and var program ? delivery.Witness.Ask(text[program..])
        : reader.IsOfRootAlone ? new LineStanding(LineOrigin.Verified)
        : default;

    private void SaveFingerprint(FileReader reader)
    {
        // Doubling: at most six writes for a file that grows line by line.
        var fingerprint = reader.Fingerprint;
        if (
            fingerprint.Length <= fingerprint.SavedLength
            || (fingerprint.Length < Math.Min(2 * fingerprint.SavedLength, Fingerprint.MaxLength))
        )
            return;
        source.Positions.Describe(source.Key, reader.Identity, fingerprint);
        fingerprint.SavedLength = fingerprint.Length;
    }
}
