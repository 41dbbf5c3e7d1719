namespace Redoubt.Record;

/// <summary>Removes days of records that are older, or together larger, than the owner wants to keep.</summary>
/// <remarks>The default keeps everything. Days that are not over are never removed, whatever their size. Days with records are counted, not days
/// of the calendar: a clock that is years ahead for a moment must not cost the records of all that was before.</remarks>
public static class RecordRetention
{
    /// <summary>Removes the oldest days beyond the bounds; returns what was removed.</summary>
    /// <param name="options">The bounds and the folder.</param>
    /// <param name="today">Days before this one are over.</param>
    /// <exception cref="IOException">A file cannot be removed.</exception>
    public static IReadOnlyList<DayFile> Apply(RecordOptions options, DateOnly today)
    {
        var removed = new List<DayFile>();
        if (options is { KeepDays: 0, KeepBytes: 0 })
            return removed;

        var days = DayFile.Under(options.Folder);
        var bytes = days.Sum(Size);
        var over = days.Where(d => d.Day < today).ToArray();
        var firstKept = FirstKept(over, options.KeepDays);
        foreach (var day in over)
        {
            if (day.Day >= firstKept && (options.KeepBytes == 0 || bytes <= options.KeepBytes))
                continue;

            bytes -= Size(day);
            foreach (var name in Names(day))
                File.Delete(name);

            removed.Add(day);
        }

        return removed;
    }

    private static DateOnly FirstKept(IEnumerable<DayFile> over, int keepDays)
    {
        if (keepDays == 0)
            return DateOnly.MinValue;

        var newest = over.Select(d => d.Day).Distinct().OrderDescending().Take(keepDays).ToArray();
        return newest.Length < keepDays ? DateOnly.MinValue : newest[^1];
    }

    private static string[] Names(DayFile day) => [day.Path, day.Compressed, day.Unfinished, day.Sum];

    private static long Size(DayFile day) => Names(day).Where(File.Exists).Sum(n => new FileInfo(n).Length);
}
