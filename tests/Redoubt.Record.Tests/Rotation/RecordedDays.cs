using System.IO.Compression;
using System.Text.Json;

namespace Redoubt.Tests.Record.Rotation;

/// <summary>Reads record files, put away or not.</summary>
internal static class RecordedDays
{
    internal static string Read(string path)
    {
        using var file = File.OpenRead(path);
        using Stream stream = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>The lines that the alerts of a JSON file are about.</summary>
    internal static string[] LinesIn(string path) =>
        [
            .. Read(path)
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(l => JsonDocument.Parse(l).RootElement.GetProperty("full_log").GetString()!),
        ];
}
