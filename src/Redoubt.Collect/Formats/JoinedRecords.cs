namespace Redoubt.Collect.Formats;

/// <summary><c>multi-line: N</c>: always N lines.</summary>
internal sealed class LinesTogether(int count) : RecordFormat
{
    // A log that stops in the middle of a record may go on tomorrow; counting would then be wrong for ever.
    internal override TimeSpan Patience => TimeSpan.MaxValue;

    internal override bool Ends(PendingRecord pending) => pending.Lines == count;
}

/// <summary>Records whose first line can be told by itself: <c>postgresql_log</c>, <c>mssql_log</c>.</summary>
internal sealed class ContinuedLines(ContinuedLines.LineTest isFirst) : RecordFormat
{
    internal delegate bool LineTest(ReadOnlySpan<byte> line);

    internal override bool Begins(PendingRecord pending, ReadOnlySpan<byte> line) => line.Length > 0 && isFirst(line);

    internal override void Add(PendingRecord pending, ReadOnlySpan<byte> line, int limit) =>
        base.Add(pending, pending.Lines > 1 ? line.TrimStart(" \t"u8) : line, limit);
}

/// <summary><c>audit</c>: the lines of one event, which bear the same <c>msg=audit(TIME:NUMBER)</c>.</summary>
internal sealed class AuditRecords : RecordFormat
{
    // auditd writes the lines of an event together.
    internal override TimeSpan Patience => TimeSpan.FromSeconds(1);

    internal override bool Begins(PendingRecord pending, ReadOnlySpan<byte> line) =>
        IdOf(line) is var id && (id.IsEmpty || !id.SequenceEqual(IdOf(pending.Text)));

    // A line without an id is none of auditd's, and alone.
    internal override bool Ends(PendingRecord pending) => IdOf(pending.Text).IsEmpty;

    private static ReadOnlySpan<byte> IdOf(ReadOnlySpan<byte> line)
    {
        var start = line.IndexOf("msg=audit("u8);
        if (start < 0)
            return default;

        var rest = line[(start + "msg=audit("u8.Length)..];
        var end = rest.IndexOf((byte)')');
        return end < 0 ? default : rest[..end];
    }
}

/// <summary><c>snort-full</c>: headline, classification and the line with the addresses; what follows describes the packet and is not sent.</summary>
internal sealed class SnortRecords : RecordFormat
{
    private const int UsedLines = 3;

    internal override bool Begins(PendingRecord pending, ReadOnlySpan<byte> line) => IsHeadline(line);

    internal override bool Skips(PendingRecord pending, ReadOnlySpan<byte> line) => pending.IsEmpty && !IsHeadline(line);

    internal override bool Ends(PendingRecord pending) => pending.Lines == UsedLines;

    private static bool IsHeadline(ReadOnlySpan<byte> line) => line.StartsWith("[**] ["u8);
}

/// <summary><c>multi-line-regex</c>.</summary>
internal sealed class RegexRecords(MultilineOptions options) : RecordFormat
{
    internal override TimeSpan Patience => options.Timeout;

    internal override bool Begins(PendingRecord pending, ReadOnlySpan<byte> line) =>
        options.Match == MultilineMatch.Start && options.Pattern.IsMatch(line);

    internal override void Add(PendingRecord pending, ReadOnlySpan<byte> line, int limit)
    {
        if (pending.Lines > 1)
            pending.Append(options.Separator, limit);

        pending.Append(line, limit);
        _last = line.Length;
    }

    internal override bool Ends(PendingRecord pending) =>
        options.Match switch
        {
            MultilineMatch.End => options.Pattern.IsMatch(pending.Text[^Math.Min(_last, pending.Text.Length)..]),
            MultilineMatch.All => options.Pattern.IsMatch(pending.Text),
            _ => false,
        };

    private int _last;
}
