using Redoubt.Model;
using Redoubt.Respond.Firewall;
using Redoubt.Respond.Firewall.HostsDeny;

namespace Redoubt.Tests.Respond.Firewall;

/// <summary>The file of refused hosts, where programs of the distribution may have made none.</summary>
public sealed class HostsDenyFileTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("rdt-hosts-deny-");

    private string FileName => Path.Combine(folder.FullName, "hosts.deny");

    [Fact]
    public void A_missing_file_is_made_for_the_first_block()
    {
        using var firewall = new HostsDenyFile(FileName, TimeProvider.System);
        Assert.Empty(firewall.List());

        var target = BlockTarget.TryParse("192.0.2.6", out var parsed) ? parsed : throw new FormatException();
        var result = firewall.Put(target, 600_000);

        Assert.True(result.State == FirewallState.Present, result.Reason);
        Assert.Contains("ALL:192.0.2.6\n", File.ReadAllText(FileName), StringComparison.Ordinal);
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead,
            File.GetUnixFileMode(FileName)
        );
        Assert.Equal(FirewallState.Absent, firewall.Remove(target).State);
        Assert.Empty(File.ReadAllText(FileName));
    }

    [Fact]
    public void Behind_a_link_the_file_is_replaced_and_the_link_stays()
    {
        var real = Path.Combine(folder.FullName, "real");
        File.WriteAllText(real, "ALL:198.51.100.1\n");
        File.CreateSymbolicLink(FileName, real);
        using var firewall = new HostsDenyFile(FileName, TimeProvider.System);

        Assert.True(BlockTarget.TryParse("2001:db8::6", out var target));
        Assert.Equal(FirewallState.Present, firewall.Put(target, 0).State);

        Assert.Equal(real, File.ResolveLinkTarget(FileName, returnFinalTarget: true)?.FullName);
        Assert.StartsWith("ALL:198.51.100.1\n", File.ReadAllText(real), StringComparison.Ordinal);
        Assert.Contains("ALL:[2001:db8::6]\n", File.ReadAllText(real), StringComparison.Ordinal);
    }

    public void Dispose() => folder.Delete(recursive: true);
}
