using Redoubt.Record;

namespace Redoubt.Tests.Record.Rotation;

public class RecordRetentionTests
{
    private static readonly DateOnly Today = new(2026, 7, 10);

    [Theory]
    [InlineData(0, 0, "01 02 03 10")] // the default keeps everything
    [InlineData(3, 0, "01 02 03 10")] // days with records are counted: a gap, or a clock far ahead, removes nothing
    [InlineData(2, 0, "02 03 10")]
    [InlineData(1, 0, "03 10")]
    [InlineData(0, 3000, "02 03 10")]
    [InlineData(0, 2999, "03 10")]
    [InlineData(0, 1, "10")] // what is not over stays, however large
    [InlineData(36_500, long.MaxValue, "01 02 03 10")]
    public void The_oldest_days_beyond_the_bounds_go_with_their_sums(int keepDays, long keepBytes, string left)
    {
        var folder = Directory.CreateTempSubdirectory("rdt-retention-");
        try
        {
            var july = folder.CreateSubdirectory("alerts/2026/Jul").FullName;
            foreach (var day in (string[])["01", "02", "03"])
            {
                File.WriteAllBytes(Path.Combine(july, $"ossec-alerts-{day}.json.gz"), new byte[900]);
                File.WriteAllBytes(Path.Combine(july, $"ossec-alerts-{day}.json.sum"), new byte[100]);
            }

            File.WriteAllBytes(Path.Combine(july, "ossec-alerts-10.json"), new byte[1000]);
            File.WriteAllText(Path.Combine(july, "notes"), "mine");

            var removed = RecordRetention.Apply(
                new RecordOptions
                {
                    Folder = folder.FullName,
                    ManagerName = "keep",
                    KeepDays = keepDays,
                    KeepBytes = keepBytes,
                },
                Today
            );

            Assert.Equal(left, string.Join(' ', DayFile.Under(folder.FullName).Select(d => d.Day.ToString("dd", null))));
            Assert.Equal(4, removed.Count + DayFile.Under(folder.FullName).Count);
            Assert.True(File.Exists(Path.Combine(july, "notes")));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
