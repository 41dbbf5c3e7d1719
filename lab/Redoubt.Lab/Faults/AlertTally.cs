using System.Globalization;
using System.Text.Json;

namespace Redoubt.Lab;

/// <summary>How many alerts the numbered lines have, from all files that <c>alerts.json</c> ever was.</summary>
/// <remarks>Reads on where it ended the last time. Threads: not safe.</remarks>
internal sealed class AlertTally(string folder, int lines)
{
    private readonly int[] _alerts = new int[lines];
    private readonly Dictionary<string, long> _read = new(StringComparer.Ordinal);

    /// <summary>Lines with at least one alert.</summary>
    internal int Seen { get; private set; }

    internal IReadOnlyList<int> Lost => NumbersWhere(n => n == 0);

    internal IReadOnlyList<int> Doubled => NumbersWhere(n => n > 1);

    /// <summary>Whether a line has an alert.</summary>
    internal bool Has(int number) => _alerts[number] > 0;

    /// <summary>Counts what has come.</summary>
    internal async Task ReadAsync()
    {
        // alerts.json itself is a link to the newest of them.
        foreach (var file in Directory.EnumerateFiles(folder, "ossec-alerts-*.json", SearchOption.AllDirectories))
            await ReadAsync(file);
    }

    private async Task ReadAsync(string file)
    {
        const int largestPiece = 16 * 1024 * 1024;
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        while (true)
        {
            var start = _read.GetValueOrDefault(file);
            stream.Position = start;
            var piece = new byte[Math.Min(stream.Length - start, largestPiece)];
            await stream.ReadExactlyAsync(piece);
            var end = Array.LastIndexOf(piece, (byte)'\n') + 1;
            if (end == 0)
                return;

            Count(piece.AsMemory(0, end));
            _read[file] = start + end;
        }
    }

    private void Count(ReadOnlyMemory<byte> records)
    {
        while (!records.IsEmpty)
        {
            var end = records.Span.IndexOf((byte)'\n');
            using var alert = JsonDocument.Parse(records[..end]);
            Count(alert.RootElement.GetProperty("full_log").GetString()!);
            records = records[(end + 1)..];
        }
    }

    private void Count(string line)
    {
        var at = line.IndexOf(NumberedLog.Marker, StringComparison.Ordinal);
        if (at < 0)
            return;

        var number = int.Parse(line.AsSpan(at + NumberedLog.Marker.Length), NumberStyles.None, CultureInfo.InvariantCulture);
        if (_alerts[number]++ == 0)
            Seen++;
    }

    private List<int> NumbersWhere(Func<int, bool> check) => [.. Enumerable.Range(0, _alerts.Length).Where(n => check(_alerts[n]))];
}
