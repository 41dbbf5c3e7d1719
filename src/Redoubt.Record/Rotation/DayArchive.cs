using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Redoubt.Record;

/// <summary>Puts a closed day away: compressed, with checksums, and read back before the open file goes.</summary>
/// <remarks>
/// Each step leaves a state from which all of it can be done again, so a crash anywhere costs only work. Cost: reads the day twice.
/// Threads: any one; nobody writes into a closed day.
/// </remarks>
public static class DayArchive
{
    /// <summary>Does what is left to do for a closed day.</summary>
    /// <exception cref="IOException">The disk refuses; the day stays as it is and can be tried again.</exception>
    /// <exception cref="InvalidDataException">There is a compressed file with other content than the open one; both stay.</exception>
    public static void Store(DayFile day)
    {
        foreach (var step in Steps(day))
            _ = step;
    }

    /// <summary>The steps of <see cref="Store"/>, each done when its name comes; a test crashes between them.</summary>
    internal static IEnumerable<string> Steps(DayFile day)
    {
        if (File.Exists(day.Path))
        {
            if (!File.Exists(day.Compressed))
            {
                Compress(day);
                yield return "compressed";
                WriteSums(day);
                yield return "summed";
                File.Move(day.Unfinished, day.Compressed);
                yield return "named";
            }

            if (!HashOf(day.Path).AsSpan().SequenceEqual(HashOfCompressed(day.Compressed)))
                throw new InvalidDataException($"{day.Compressed} does not hold what {day.Path} holds. Both stay; move one of them away.");

            File.Delete(day.Path);
            yield return "removed";
        }

        File.Delete(day.Unfinished);
        yield return "done";
    }

    private static void Compress(DayFile day)
    {
        try
        {
            using var to = DayFile.Create(day.Unfinished);
            using (var zip = new GZipStream(to, CompressionLevel.Optimal, leaveOpen: true))
            using (var from = OpenForReading(day.Path))
                from.CopyTo(zip);

            to.Flush(flushToDisk: true);
        }
        catch (IOException)
        {
            // The room it took may be what the others wait for. The name stays: it says that the day is closed.
            DayFile.Create(day.Unfinished).Dispose();
            throw;
        }
    }

    // The form that "sha256sum -c" reads. The line of the day before makes a chain: who changes a day must change all days behind it.
    private static void WriteSums(DayFile day)
    {
        var text = new StringBuilder();
        Add(text, Path.GetFileName(day.Path), HashOf(day.Path));
        Add(text, Path.GetFileName(day.Compressed), HashOf(day.Unfinished));
        if (DayBefore(day) is { } before)
            Add(text, Path.GetRelativePath(Path.GetDirectoryName(day.Path)!, before.Sum), HashOf(before.Sum));

        var unfinished = day.Sum + ".new";
        using (var file = DayFile.Create(unfinished))
        {
            file.Write(Encoding.UTF8.GetBytes(text.ToString()));
            file.Flush(flushToDisk: true);
        }

        File.Move(unfinished, day.Sum, overwrite: true);
    }

    private static void Add(StringBuilder text, string name, byte[] hash) =>
        text.Append("SHA256 (").Append(name).Append(") = ").Append(Convert.ToHexStringLower(hash)).Append('\n');

    private static DayFile? DayBefore(DayFile day)
    {
        var logs = Path.GetFullPath(Path.Combine(day.Path, "../../../.."));
        return DayFile.Under(logs).LastOrDefault(d => d.Day < day.Day && d.IsKin(day) && File.Exists(d.Sum));
    }

    private static byte[] HashOf(string path)
    {
        using var file = OpenForReading(path);
        return SHA256.HashData(file);
    }

    private static byte[] HashOfCompressed(string path)
    {
        using var file = OpenForReading(path);
        using var zip = new GZipStream(file, CompressionMode.Decompress);
        try
        {
            return SHA256.HashData(zip);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{path} is damaged ({e.Message}) The open file beside it stays; move the damaged one away.", e);
        }
    }

    private static FileStream OpenForReading(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 64 * 1024);
}
