namespace Redoubt.Record;

/// <summary>Removes days of records that are older, or together larger, than the owner wants to keep.</summary>
/// <remarks>The default keeps everything. Days that are not over are never removed, whatever their size.</remarks>
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
        foreach (var day in days.Where(d => d.Day < today))
        {
            var isTooOld = options.KeepDays > 0 && day.Day < today.AddDays(-options.KeepDays);
            if (!isTooOld && (options.KeepBytes == 0 || bytes <= options.KeepBytes))
                continue;

            bytes -= Size(day);
            foreach (var name in Names(day))
                File.Delete(name);

            removed.Add(day);
        }

        return removed;
    }

    private static string[] Names(DayFile day) => [day.Path, day.Compressed, day.Unfinished, day.Sum];

    private static long Size(DayFile day) => Names(day).Where(File.Exists).Sum(n => new FileInfo(n).Length);
}
