using System.Diagnostics;
using System.IO.Compression;
using Redoubt.Lab;

namespace Redoubt.Tests.EndToEnd.Story;

/// <summary>Days of records that are over, through the real manager and the tools of others.</summary>
public class RecordDaysTests : LabTest
{
    [Fact]
    public async Task A_day_that_is_over_is_put_away_and_its_sums_are_right_for_sha256sum()
    {
        var redoubt = await DeployAsync();
        await redoubt.Manager.KillAsync();
        var folder = Path.Combine(redoubt.ManagerHome, "logs/alerts/2026/Jan");
        Directory.CreateDirectory(folder);
        var day = Path.Combine(folder, "ossec-alerts-01.json");
        const string record = """{"timestamp":"2026-01-01T10:00:00.000+0000","rule":{"level":3,"id":"5501","description":"of old"}}""";
        await File.WriteAllTextAsync(day, record + "\n");

        await redoubt.StartManagerAsync();
        await Wait.UntilAsync(() => Task.FromResult(!File.Exists(day) && File.Exists(day + ".gz")), "the day is put away", Soon);

        await using var file = File.OpenRead(day + ".gz");
        await using var zip = new GZipStream(file, CompressionMode.Decompress);
        using var reader = new StreamReader(zip);
        Assert.Equal(record + "\n", await reader.ReadToEndAsync());
        using var check = Process.Start(
            new ProcessStartInfo("sha256sum", ["--check", "--ignore-missing", "--strict", day + ".sum"]) { WorkingDirectory = folder }
        )!;
        await check.WaitForExitAsync();
        Assert.Equal(0, check.ExitCode);
    }
}
