using System.Globalization;
using System.Security.Cryptography;
using Redoubt.Lab;

namespace Redoubt.Tests.EndToEnd.Faults;

/// <summary>The promise under fire. <c>REDOUBT_FAULTS_SEED</c> repeats the faults of a run; the long form is <c>redoubt-bench faults</c>.</summary>
public class FaultTests : LabTest
{
    private const int Faults = 50;
    private const int Lines = 50_000;

    [Fact]
    public async Task Each_line_raises_exactly_one_alert_whatever_is_killed_stopped_cut_or_rotated()
    {
        var seed = Environment.GetEnvironmentVariable("REDOUBT_FAULTS_SEED") is { Length: > 0 } given
            ? int.Parse(given, CultureInfo.InvariantCulture)
            : RandomNumberGenerator.GetInt32(int.MaxValue);
        var say = TestContext.Current.TestOutputHelper!;
        say.WriteLine($"REDOUBT_FAULTS_SEED={seed}");

        var report = await FaultRun.RunAsync(Net, new FaultOptions(Faults, Lines, seed), say.WriteLine);

        say.WriteLine(report.ToString());
        Assert.True(report.Holds, report.ToString());
    }
}
