using System.Text;
using System.Text.Json;
using Redoubt.Model;

namespace Redoubt.Tests.Config;

/// <summary>Rows of the files in tests/data/config: a text, and the diagnostics it gives.</summary>
internal static class Case
{
    internal static string Folder { get; } = FindFolder();

    internal static TheoryData<string, string, string[]> Read(string file)
    {
        var rows = new TheoryData<string, string, string[]>();
        foreach (var line in File.ReadLines(Path.Combine(Folder, file)))
        {
            using var row = JsonDocument.Parse(line);
            var root = row.RootElement;
            rows.Add(
                root.GetProperty("name").GetString()!,
                root.GetProperty("text").GetString()!,
                [.. root.GetProperty("expect").EnumerateArray().Select(e => e.GetString()!)]
            );
        }

        return rows;
    }

    /// <summary>Place, severity, our code and Wazuh's.</summary>
    internal static string Short(Diagnostic d) =>
        $"{d.Line}:{d.Column} {d.Severity.ToString().ToLowerInvariant()} {d.Code}{(d.WazuhCode is null ? string.Empty : " " + d.WazuhCode)}";

    internal static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string FindFolder()
    {
        var folder = AppContext.BaseDirectory;
        while (!Directory.Exists(Path.Combine(folder, "tests", "data", "config")))
            folder =
                Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("tests/data/config is not above the test program.");

        return Path.Combine(folder, "tests", "data", "config");
    }
}
