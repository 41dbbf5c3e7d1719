using System.Globalization;

namespace Redoubt.Collect.Formats;

/// <summary>How the lines of a file become what is sent: several lines that are one record, or a line in another form.</summary>
/// <remarks>One object a source. Threads: the reader thread. Source: rule-engine.md 1.4.</remarks>
internal abstract class RecordFormat
{
    private static readonly TimeSpan UsualPatience = TimeSpan.FromSeconds(5);

    /// <summary>How long a record waits for more lines when nothing says that it is complete.</summary>
    internal virtual TimeSpan Patience => UsualPatience;

    /// <summary>The format of a source; null: each line is sent as it stands.</summary>
    internal static RecordFormat? Of(FileSourceOptions options, TimeProvider time)
    {
        const string together = "multi-line:";
        if (
            options.Format.StartsWith(together, StringComparison.Ordinal)
            && int.TryParse(options.Format.AsSpan(together.Length).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var lines)
        )
            return new LinesTogether(lines);

        return options.Format switch
        {
            "json" when options.Labels.Count > 0 => new LabelledJson(options.Labels),
            "multi-line-regex" when options.Multiline is { } multiline => new RegexRecords(multiline),
            "audit" => new AuditRecords(),
            "snort-full" => new SnortRecords(),
            "postgresql_log" => new ContinuedLines(line => line[0] is not ((byte)'\t' or (byte)' ')),
            "mssql_log" => new ContinuedLines(BeginsWithDate),
            "mysql_log" => new MySqlLines(),
            "djb-multilog" => new MultilogLines(options.Path, time),
            "nmapg" => new NmapLines(),
            _ => null,
        };
    }

    /// <summary>Whether the line begins another record, so that the pending one is complete. Not asked for the first line.</summary>
    internal virtual bool Begins(PendingRecord pending, ReadOnlySpan<byte> line) => false;

    /// <summary>Whether the line is nothing to send, wherever it stands.</summary>
    internal virtual bool Skips(PendingRecord pending, ReadOnlySpan<byte> line) => false;

    /// <summary>Adds the line's text to the record.</summary>
    internal virtual void Add(PendingRecord pending, ReadOnlySpan<byte> line, int limit)
    {
        if (pending.Lines > 1)
            pending.Append(" "u8, limit);

        pending.Append(line, limit);
    }

    /// <summary>Whether the record is complete with the line that was just added.</summary>
    internal virtual bool Ends(PendingRecord pending) => false;

    // 2026-03-02 10:00:00
    private protected static bool BeginsWithDate(ReadOnlySpan<byte> line) =>
        line.Length >= 10
        && line[4] == (byte)'-'
        && line[7] == (byte)'-'
        && line[..4].IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0
        && line[5..7].IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0
        && line[8..10].IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0;
}
