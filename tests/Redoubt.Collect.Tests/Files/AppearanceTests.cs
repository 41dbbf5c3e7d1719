using System.Runtime.InteropServices;
using Redoubt.Collect;

namespace Redoubt.Tests.Collect.Files;

public sealed partial class AppearanceTests : IAsyncDisposable
{
    private readonly LogBox _box = new();

    public ValueTask DisposeAsync() => _box.DisposeAsync();

    [Fact]
    public async Task A_file_that_appears_later_is_read_from_its_beginning()
    {
        await _box.StartAsync();
        Assert.Equal(SourceState.Waiting, _box.Status.State);
        File.WriteAllText(_box.Log, "one\ntwo\n");

        _box.Sink.WaitFor(2);
        Assert.Equal(SourceState.Reading, _box.Status.State);
        Assert.Single(_box.Messages, message => message.Contains("does not exist", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_in_folders_that_appear_later_is_read_from_its_beginning()
    {
        var path = Path.Combine(_box.Folder, "a", "b", "c.log");
        await _box.StartAsync(_box.Options with { Path = path });
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "one\n");
        _box.Sink.WaitFor(1);

        Directory.Move(Path.Combine(_box.Folder, "a"), Path.Combine(_box.Folder, "gone"));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "two\n");

        Assert.Equal("two", _box.Sink.WaitFor(2)[1].Text);
    }

    [Fact]
    public async Task A_deleted_file_that_was_open_is_read_to_its_end()
    {
        _box.Write("old\n");
        await _box.StartAsync();
        using (
            var writer = new FileStream(_box.Log, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0)
        )
        {
            File.Delete(_box.Log);
            writer.Write("last words\n"u8);
        }

        _box.Sink.WaitFor(1);
        _box.Write("new\n");
        Assert.Equal(["last words", "new"], _box.Sink.WaitFor(2).Select(line => line.Text));
        Assert.Equal(2, _box.Sink.All.Select(line => line.File).Distinct().Count());
    }

    [Fact]
    public async Task A_link_is_followed_and_followed_again_when_it_leads_elsewhere()
    {
        var real = Path.Combine(_box.Folder, "real");
        Directory.CreateDirectory(real);
        var (first, second) = (Path.Combine(real, "first"), Path.Combine(real, "second"));
        File.WriteAllText(first, "old\n");
        File.CreateSymbolicLink(_box.Log, first);
        await _box.StartAsync();
        LogBox.Append(first, "one\n");
        _box.Sink.WaitFor(1);

        // The target rotates.
        File.Move(first, first + ".1");
        LogBox.Append(first, "two\n");
        _box.Sink.WaitFor(2);

        // The link is replaced.
        File.WriteAllText(second, "three\n");
        File.Delete(_box.Log);
        File.CreateSymbolicLink(_box.Log, second);
        Assert.Equal(["one", "two", "three"], _box.Sink.WaitFor(3).Select(line => line.Text));
    }

    [Fact]
    public async Task A_circle_of_links_is_reported_once()
    {
        File.CreateSymbolicLink(_box.Log, _box.Log);
        await _box.StartAsync();
        Assert.Equal(SourceState.Failed, _box.Status.State);
        Assert.Contains("circle", _box.Status.Problem, StringComparison.Ordinal);

        File.Delete(_box.Log);
        _box.Write("one\n");
        _box.Sink.WaitFor(1);
    }

    [Fact]
    public async Task A_folder_or_a_pipe_in_the_place_of_the_log_is_reported_and_does_no_harm()
    {
        Directory.CreateDirectory(_box.Log);
        await _box.StartAsync();
        Assert.Equal(SourceState.Failed, _box.Status.State);
        Directory.Delete(_box.Log);

        Assert.Equal(0, mkfifo(_box.Log, 0b110_100_100));
        _box.WaitForStatus(status => status.State == SourceState.Failed);
        File.Delete(_box.Log);

        _box.Write("one\n");
        _box.Sink.WaitFor(1);
        Assert.Equal(SourceState.Reading, _box.Status.State);
    }

    [Fact]
    public async Task A_file_without_read_permission_is_reported_once_and_read_when_permitted()
    {
        if (OperatingSystem.IsWindows())
            return;

        // Root may read everything, so the reader thread takes another file system user for the time of the test.
        const uint nobody = 65534;
        foreach (var folder in new[] { _box.Folder, Path.GetDirectoryName(_box.Log)! })
            File.SetUnixFileMode(
                folder,
                UnixFileMode.UserRead
                    | UnixFileMode.UserWrite
                    | UnixFileMode.UserExecute
                    | UnixFileMode.GroupRead
                    | UnixFileMode.GroupExecute
                    | UnixFileMode.OtherRead
                    | UnixFileMode.OtherExecute
            );
        _box.Write("old\n");
        File.SetUnixFileMode(_box.Log, UnixFileMode.None);
        var other = _box.Options with { Path = _box.Log + "2", Location = "other" };
        await _box.StartAsync(other);
        _box.Sink.Taken = _ => setfsuid(nobody);
        LogBox.Append(other.Path, "switch\n");
        _box.Sink.WaitFor(1);
        _box.Sink.Taken = static _ => { };

        await _box.Collector.ApplyAsync([other, _box.Options]);
        var status = _box.Collector.Status[1];
        Assert.Equal(SourceState.Failed, status.State);
        Assert.Contains("adm", status.Problem, StringComparison.Ordinal);

        if (Environment.IsPrivilegedProcess)
            _box.Write("while closed\n");
        File.SetUnixFileMode(_box.Log, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        _box.Write("when open\n");

        var expected = Environment.IsPrivilegedProcess ? new[] { "switch", "while closed", "when open" } : ["switch", "when open"];
        Assert.Equal(expected, _box.Sink.WaitFor(expected.Length).Select(line => line.Text));
        Assert.Single(_box.Messages, message => message.Contains("no permission", StringComparison.Ordinal));
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int mkfifo(string path, uint mode);

    [LibraryImport("libc")]
    private static partial int setfsuid(uint user);

    [Theory]
    [InlineData(1, "old|new")]
    [InlineData(3, "new")]
    public async Task What_a_file_older_than_its_age_holds_is_not_read_and_what_comes_to_it_is(int daysOld, string sent)
    {
        _box.Write("old\n");
        File.SetLastWriteTimeUtc(_box.Log, _box.Time.GetUtcNow().UtcDateTime.AddDays(-daysOld));
        await _box.StartAsync(_box.FromTheStart with { MaxAge = TimeSpan.FromDays(2) });
        _box.Write("new\n");

        var wanted = sent.Split('|');
        _box.Sink.WaitFor(wanted.Length);
        Assert.Equal(wanted, _box.Sink.Texts);
    }
}
