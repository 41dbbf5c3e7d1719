using Redoubt.Collect.Files;
using Redoubt.Model;

namespace Redoubt.Tests.Collect.Files;

public sealed class FileRightsTests : IAsyncDisposable
{
    private readonly LogBox _box = new();

    public ValueTask DisposeAsync() => _box.DisposeAsync();

    [Theory]
    [InlineData("0640", "0755", true)]
    [InlineData("0600", "0700", true)]
    [InlineData("0646", "0755", false)]
    [InlineData("0640", "0757", false)]
    [InlineData("0640", "1777", false)]
    public void Rights_of_the_file_and_its_folders_decide(string file, string folder, bool isRoots)
    {
        if (!Environment.IsPrivilegedProcess)
            Assert.Skip("needs root: the files must be root's");

        _box.Write("x\n");
        File.SetUnixFileMode(_box.Log, Mode(file));
        File.SetUnixFileMode(Path.GetDirectoryName(_box.Log)!, Mode(folder));

        Assert.Equal(isRoots, FileRights.IsOfRootAlone(_box.Log, _box.Folder));
    }

    [Fact]
    public void What_is_missing_is_nobodys() => Assert.False(FileRights.IsOfRootAlone(_box.Log, _box.Folder));

    [Fact]
    public async Task A_file_below_a_folder_where_everybody_writes_is_not_verified()
    {
        await _box.StartAsync(_box.FromTheStart);
        _box.Write("no header\n");

        Assert.Equal(LineOrigin.Relayed, Assert.Single(_box.Sink.WaitFor(1)).Origin);
    }

    [Fact]
    public void A_path_in_the_configuration_of_a_syslog_daemon_is_found()
    {
        var folder = Path.Combine(_box.Folder, "rsyslog.d");
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "50-default.conf"), "auth,authpriv.*\t\t-/var/log/auth.log\n");

        Assert.True(FileRights.IsNamedIn([Path.Combine(_box.Folder, "missing"), folder], "/var/log/auth.log"));
        Assert.False(FileRights.IsNamedIn([folder], "/var/log/apache2/error.log"));
    }

    private static UnixFileMode Mode(string octal) => (UnixFileMode)Convert.ToInt32(octal, 8);
}
