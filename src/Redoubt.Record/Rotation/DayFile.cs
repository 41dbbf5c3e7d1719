using System.Globalization;

namespace Redoubt.Record;

/// <summary>A day of one family of records: <c>YYYY/Mon/ossec-NAME-DD.EXT</c> and what becomes of it when the day is over.</summary>
/// <remarks>A day is closed, and takes no more records, from the moment <see cref="Unfinished"/> or <see cref="Compressed"/> exists. The mark is
/// on the disk, so that it holds over a restart.</remarks>
/// <param name="Path">The file while the day is open.</param>
/// <param name="Day">The day that the name tells.</param>
public sealed record DayFile(string Path, DateOnly Day)
{
    /// <summary>The same records, compressed.</summary>
    public string Compressed => Path + ".gz";

    /// <summary>The compressed file while it is written; empty at first.</summary>
    public string Unfinished => Path + ".gz.new";

    /// <summary>Checksums of the day, and of the sums of the day before.</summary>
    public string Sum => Path + ".sum";

    /// <summary>Whether the day takes no more records.</summary>
    public bool IsClosed => File.Exists(Compressed) || File.Exists(Unfinished);

    /// <summary>Whether there is something left to do before the day is put away.</summary>
    public bool IsLeft => File.Exists(Path) || File.Exists(Unfinished);

    /// <summary>Whether the day holds the records of <c>alerts.json</c>.</summary>
    public bool IsAlertsJson =>
        System.IO.Path.GetFileName(Path).StartsWith("ossec-alerts-", StringComparison.Ordinal)
        && Path.EndsWith(".json", StringComparison.Ordinal);

    /// <summary>Every day of every family below the <c>logs</c> folder, oldest first. Cost: reads the names of the folders.</summary>
    public static IReadOnlyList<DayFile> Under(string logs) =>
        [
            .. ((string[])["alerts", "archives"])
                .Select(n => System.IO.Path.Combine(logs, n))
                .Where(Directory.Exists)
                .SelectMany(Folders)
                .SelectMany(Folders)
                .SelectMany(Directory.EnumerateFiles)
                .Select(WithoutEndings)
                .Distinct(StringComparer.Ordinal)
                .Select(p => DayOf(p) is { } day ? new DayFile(p, day) : null)
                .OfType<DayFile>()
                .OrderBy(d => d.Day)
                .ThenBy(d => d.Path, StringComparer.Ordinal),
        ];

    /// <summary>The file of a day.</summary>
    internal static DayFile Of(string folder, string name, string extension, DateOnly day) =>
        new(
            System.IO.Path.Combine(
                folder,
                day.ToString("yyyy", CultureInfo.InvariantCulture),
                day.ToString("MMM", CultureInfo.InvariantCulture),
                $"ossec-{name}-{day.ToString("dd", CultureInfo.InvariantCulture)}.{extension}"
            ),
            day
        );

    /// <summary>Whether both are days of the same family.</summary>
    internal bool IsKin(DayFile other) => string.Equals(Family(Path), Family(other.Path), StringComparison.Ordinal);

    /// <summary>Makes a file that only owner and group can read: records tell who was where.</summary>
    internal static FileStream Create(string path) =>
        new(
            path,
            new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead,
            }
        );

    private static string[] Folders(string folder) => Directory.GetDirectories(folder);

    private static string WithoutEndings(string path)
    {
        foreach (var ending in (string[])[".new", ".gz", ".sum"])
        {
            if (path.EndsWith(ending, StringComparison.Ordinal))
                path = path[..^ending.Length];
        }

        return path;
    }

    // FOLDER/YYYY/Mon/ossec-NAME-DD.EXT
    private static DateOnly? DayOf(string path)
    {
        var parts = path.Split('/');
        var name = System.IO.Path.GetFileNameWithoutExtension(path);
        var isOurs =
            (name.StartsWith("ossec-alerts-", StringComparison.Ordinal) || name.StartsWith("ossec-archive-", StringComparison.Ordinal))
            && System.IO.Path.GetExtension(path) is ".json" or ".log";
        return
            isOurs
            && DateOnly.TryParseExact(
                $"{parts[^3]} {parts[^2]} {name[(name.LastIndexOf('-') + 1)..]}",
                "yyyy MMM dd",
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out var day
            )
            ? day
            : null;
    }

    private static string Family(string path)
    {
        var name = System.IO.Path.GetFileNameWithoutExtension(path);
        return name[..name.LastIndexOf('-')] + System.IO.Path.GetExtension(path);
    }
}
