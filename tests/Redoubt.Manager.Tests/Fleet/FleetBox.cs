using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Redoubt.App.Manager;
using Redoubt.Model;
using Redoubt.Show;
using Redoubt.Store;
using Redoubt.Transport.Certificates;
using Redoubt.Transport.Protocol;

namespace Redoubt.Tests.Manager.Fleet;

/// <summary>The fleet of a manager without its sockets: registry, groups and desk, with a clock that the test moves.</summary>
internal sealed class FleetBox : IAsyncDisposable
{
    private readonly ManagerBox _manager = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rdt-fleet-");
    private readonly Database _database;
    private readonly CertificateAuthority _authority;

    internal FleetBox()
    {
        _database = new Database(Path.Combine(_folder.FullName, "redoubt.db"));
        _authority = CertificateAuthority.LoadOrCreate(Path.Combine(_folder.FullName, "authority"), Time);
        Agents = new AgentRegistry(_database);
        Agents.EnsureManagerHost("keep", Now);
        Contents = new SharedConfigs(_database);
        Groups = new GroupFiles(_folder.FullName + "/shared", NullLogger.Instance);
        Shared = new SharedConfigurations(Groups, Agents, Contents, Sessions, Time, NullLogger.Instance);
        Restarts = new AgentRestarts(Time, NullLogger.Instance);
        Events = new FleetEvents(_manager.Analysis, Agents, () => TimeSpan.FromMinutes(15), Time);
        Desk = new FleetDesk(Agents, Sessions, Restarts, Groups, Shared, Contents, Events, _authority, Time, NullLogger.Instance);
        Write("default", "<agent_config></agent_config>");
    }

    internal FakeTimeProvider Time { get; } = new(DateTimeOffset.Parse("2026-01-01T00:00:00Z", null));

    internal long Now => Time.GetUtcNow().ToUnixTimeMilliseconds();

    internal AgentRegistry Agents { get; }

    internal AgentSessions Sessions { get; } = new();

    internal SharedConfigs Contents { get; }

    internal GroupFiles Groups { get; }

    internal SharedConfigurations Shared { get; }

    internal AgentRestarts Restarts { get; }

    internal FleetEvents Events { get; }

    internal FleetDesk Desk { get; }

    /// <summary>Rules and texts of the alerts about the fleet so far.</summary>
    internal async Task<string[]> AlertsAsync(params int[] rules)
    {
        // What was told before this line is recorded when it is processed.
        await _manager.SendAsync(_manager.Web01, "nothing");
        return [.. rules.SelectMany(_manager.Alerts)];
    }

    /// <summary>Path of a group's file.</summary>
    internal string FileOf(string group) => Groups.PathOf(group);

    /// <summary>Writes a group's file; the group is made with it.</summary>
    internal void Write(string group, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(FileOf(group))!);
        File.WriteAllText(FileOf(group), text);
        File.SetLastWriteTimeUtc(FileOf(group), DateTime.UnixEpoch.AddSeconds(++_written));
    }

    // Each write is another time, however fast the test is.
    private int _written;

    /// <summary>An agent.conf that reads one file.</summary>
    internal static string Reads(string path) =>
        $"<agent_config><localfile><log_format>syslog</log_format><location>{path}</location></localfile></agent_config>";

    /// <summary>Adds an agent.</summary>
    internal string Add(string name, params string[] groups) =>
        Desk.Add(new AddAgentRequest(name, groups.Length == 0 ? ["default"] : groups, 3600)).Id;

    /// <summary>Connects an agent as the stream's service does, and tells its state.</summary>
    internal AgentSession Connect(string id, long started = 1, bool tellsState = true)
    {
        var agent = Agents.Find(id)!;
        Agents.SetConnected(id, "10.0.0.5", "1.0", "Linux", started, Now);
        var session = new AgentSession(new AgentIdentity(id, agent.Name, "10.0.0.5"), agent.Groups, new CancellationTokenSource())
        {
            Started = started,
            IsActive = tellsState,
        };
        Sessions.Add(session);
        Restarts.Connected(session);
        return session;
    }

    /// <summary>What was queued for an agent since the last call.</summary>
    internal static List<ManagerMessage> Sent(AgentSession session)
    {
        var messages = new List<ManagerMessage>();
        while (session.Outgoing.TryRead(out var message))
            messages.Add(message);

        return messages;
    }

    /// <summary>The shared configurations among them, as text.</summary>
    internal static string[] Configurations(AgentSession session) =>
        [.. Sent(session).Where(m => m.Config is not null).Select(m => m.Config.Content.ToStringUtf8())];

    /// <summary>Looks as often as it takes until a change counts.</summary>
    internal void Look()
    {
        Shared.Look();
        Shared.Look();
    }

    public async ValueTask DisposeAsync()
    {
        await _manager.DisposeAsync();
        _authority.Dispose();
        _database.Dispose();
        _folder.Delete(recursive: true);
    }
}
