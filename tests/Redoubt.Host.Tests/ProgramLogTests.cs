using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Redoubt.Host;

namespace Redoubt.Tests.Host;

public sealed class ProgramLogTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rdt-host-");
    private readonly FakeTimeProvider _time = new(DateTimeOffset.Parse("2026-01-01T00:00:00Z", null));

    private string File => Path.Combine(_folder.FullName, "redoubt.log");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_message_of_ours_shows_its_id_and_one_of_a_library_does_not()
    {
        using (var logs = ProgramLog.CreateFactory("manager", File, _time))
        {
            logs.CreateLogger("manager").Log(LogLevel.Warning, new EventId(4101), "the disk refuses");
            logs.CreateLogger("Library").Log(LogLevel.Error, new EventId(13), "it fails");
            logs.CreateLogger("manager").Log(LogLevel.Information, "without\nan id");
        }

        Assert.Equal(
            [
                "2026-01-01T00:00:00.000Z warning manager 4101: the disk refuses",
                "2026-01-01T00:00:00.000Z error manager: it fails",
                "2026-01-01T00:00:00.000Z info manager: without\\x0aan id",
            ],
            System.IO.File.ReadAllLines(File)
        );
    }

    [Fact]
    public void A_file_that_cannot_be_opened_ends_nothing()
    {
        using var logs = ProgramLog.CreateFactory("agent", Path.Combine(_folder.FullName, "missing", "redoubt.log"), _time);

        logs.CreateLogger("agent").Log(LogLevel.Information, "goes to standard error");
    }
}
