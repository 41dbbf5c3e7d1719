using System.Text;
using Redoubt.Model;

namespace Redoubt.Tests.Record;

/// <summary>Whole records against tests/data/record: every key, in its order. REDOUBT_GOLDEN=1 rewrites the files.</summary>
public class GoldenTests
{
    public static TheoryData<string> Names() => ["composite", "dynamic", "unmatched"];

    [Theory, MemberData(nameof(Names))]
    public void A_record_of_the_JSON_files_has_its_keys_in_order(string name) =>
        Compare(name + ".json", [.. Samples.Json.Format(Sample(name), withFullLog: name == "unmatched"), (byte)'\n']);

    [Theory, MemberData(nameof(Names))]
    public void A_record_of_the_text_files_has_its_lines_in_order(string name) =>
        Compare(name + ".log", name == "unmatched" ? Samples.Text.FormatArchive(Sample(name)) : Samples.Text.FormatAlert(Sample(name)));

    private static Alert Sample(string name) =>
        name switch
        {
            "composite" => Samples.Composite,
            "dynamic" => Samples.Dynamic,
            _ => Samples.Unmatched,
        };

    private static void Compare(string file, byte[] actual)
    {
        var path = Path.Combine(Folder(), file);
        if (Environment.GetEnvironmentVariable("REDOUBT_GOLDEN") == "1")
            File.WriteAllBytes(path, actual);

        Assert.Equal(File.ReadAllText(path), Encoding.UTF8.GetString(actual));
    }

    private static string Folder()
    {
        var folder = AppContext.BaseDirectory;
        while (!Directory.Exists(Path.Combine(folder, "tests", "data", "record")))
            folder =
                Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("tests/data/record is not above the test program.");

        return Path.Combine(folder, "tests", "data", "record");
    }
}
