using System.Text;
using Microsoft.Extensions.Time.Testing;
using Redoubt.Model;
using Redoubt.Record;

namespace Redoubt.Tests.Record;

/// <summary>A temporary logs folder, a clock, and a stage that can be made again as after a restart.</summary>
internal sealed class LogsBox : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rdt-record-");
    private readonly RecordOptions _options;

    internal LogsBox(Func<RecordOptions, RecordOptions>? change = null, string start = "2026-07-01T10:15:30.123Z")
    {
        _options = new RecordOptions
        {
            Folder = _folder.FullName,
            ManagerName = "keep",
            LogAll = true,
            LogAllJson = true,
        };
        _options = change?.Invoke(_options) ?? _options;
        Time = new FakeTimeProvider(DateTimeOffset.Parse(start, null));
        Time.SetLocalTimeZone(Samples.Zone);
        Stage = new RecordStage(_options, Time.LocalTimeZone);
    }

    internal FakeTimeProvider Time { get; }

    internal RecordStage Stage { get; private set; }

    internal long Now => Time.GetUtcNow().ToUnixTimeMilliseconds();

    internal string PathOf(string name) => Path.Combine(_folder.FullName, name);

    internal string Read(string name) => File.ReadAllText(PathOf(name), Encoding.UTF8);

    internal void Restart()
    {
        Stage.Dispose();
        Stage = new RecordStage(_options, Time.LocalTimeZone);
    }

    /// <summary>Queues an alert of the present moment.</summary>
    internal Alert Add(string line, long? arrival = null)
    {
        var alert = Stage.AssignId(Samples.Plain with { FullLog = Encoding.UTF8.GetBytes(line), ArrivalUnixMilliseconds = arrival ?? Now });
        Stage.AddAlert(alert);
        Stage.AddArchive(alert);
        return alert;
    }

    internal void Write() => Stage.Write(Stage.Take());

    public void Dispose()
    {
        Stage.Dispose();
        _folder.Delete(recursive: true);
    }
}
