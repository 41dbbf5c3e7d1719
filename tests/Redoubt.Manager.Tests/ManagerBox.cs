using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Redoubt.App.Manager;
using Redoubt.Config;
using Redoubt.Decide;
using Redoubt.Host;
using Redoubt.Model;
using Redoubt.Record;
using Redoubt.Store;
using Redoubt.Transport.Protocol;

namespace Redoubt.Tests.Manager;

/// <summary>The manager without its sockets: analysis, dispatcher and desk as it wires them, with the shipped rules and a clock that the test moves.</summary>
internal sealed class ManagerBox : IAsyncDisposable
{
    internal const string Responses = """
        <command><name>drop</name><executable>firewall-drop</executable><timeout_allowed>yes</timeout_allowed></command>
        <active-response><command>drop</command><location>local</location><rules_id>5710,990004</rules_id><timeout>600</timeout></active-response>
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rdt-manager-");
    private readonly Database _database;
    private CancellationTokenSource _stopping = new();
    private Analysis _analysis;
    private Task _working;
    private ulong _sequence;

    /// <param name="global">Elements of <c>global</c>.</param>
    /// <param name="more">Further sections.</param>
    /// <param name="rules">Rules of the host's own.</param>
    internal ManagerBox(string global = "", string more = Responses, string rules = "")
    {
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "etc", "rules"));
        File.WriteAllText(Path.Combine(_folder.FullName, "etc", "rules", "local_rules.xml"), rules);
        var file = Path.Combine(_folder.FullName, "redoubt.conf");
        File.WriteAllText(file, $"<redoubt_config><global>{global}</global>{more}</redoubt_config>");
        var diagnostics = new DiagnosticBag();
        State =
            ManagerState.Load(HomePaths.Of(_folder.FullName), file, compatibility: null, diagnostics)
            ?? throw new InvalidOperationException(string.Join('\n', diagnostics.All));
        _database = new Database(Path.Combine(_folder.FullName, "redoubt.db"));
        var agents = Agents = new AgentRegistry(_database);
        agents.EnsureManagerHost("keep", 0);
        agents.AddToken("hash", ["default"], uses: 2, long.MaxValue);
        Assert.NotNull(agents.Enrol("hash", "web01", 0));
        Assert.NotNull(agents.Enrol("hash", "web02", 0));
        Ledger = new BlockLedger(_database);
        Known = new LoginSources(_database);
        Budget = new BlockBudget(State.Decide.Budget);
        var sessions = Sessions;
        Dispatcher = new Dispatcher(Ledger, agents, sessions, Known, Budget, () => State.Decide, "node01", Time, NullLogger.Instance);
        Desk = new BlockDesk(
            Ledger,
            new AllowedEntries(_database),
            agents,
            sessions,
            Dispatcher,
            Known,
            Budget,
            () => State,
            decider => _analysis!.UseAsync(decider),
            new HostNames(ask: null, Time, NullLogger.Instance),
            Time,
            NullLogger.Instance
        );
        _analysis = CreateAnalysis();
        Web01 = Connect(sessions, "001", "web01");
        Web02 = Connect(sessions, "002", "web02");
        _working = _analysis.RunAsync(_stopping.Token);
    }

    internal FakeTimeProvider Time { get; } = new(DateTimeOffset.Parse("2026-01-01T00:00:00Z", null));

    internal Database Store => _database;

    internal string Folder => _folder.FullName;

    internal AgentRegistry Agents { get; }

    internal AgentSessions Sessions { get; } = new();

    internal Analysis Analysis => _analysis;

    internal RecordOptions Records => State.Records with { Folder = _folder.FullName };

    internal ManagerState State { get; }

    internal BlockLedger Ledger { get; }

    internal LoginSources Known { get; }

    internal BlockBudget Budget { get; }

    internal Dispatcher Dispatcher { get; }

    internal BlockDesk Desk { get; }

    internal AgentSession Web01 { get; }

    internal AgentSession Web02 { get; }

    internal long Now => Time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>A guess at an account that does not exist: rule 5710.</summary>
    internal static string Guess(string address) => $"Jan  1 00:00:00 web01 sshd[11]: Invalid user oracle from {address} port 40112";

    internal static string KeyLogin(string address) =>
        $"Jan  1 00:00:00 web01 sshd[12]: Accepted publickey for alice from {address} port 50022 ssh2: ED25519 SHA256:abc";

    internal static string PasswordLogin(string address) =>
        $"Jan  1 00:00:00 web01 sshd[13]: Accepted password for alice from {address} port 50022 ssh2";

    /// <summary>Sends lines of a host and waits until what follows from them is durable.</summary>
    internal Task SendAsync(AgentSession session, params string[] lines) => SendAsync(session, Origin.Relayed, lines);

    /// <summary>Sends lines of which the host says who wrote them.</summary>
    internal async Task SendAsync(AgentSession session, Origin origin, params string[] lines)
    {
        var source = new SourceLines
        {
            Source = "auth",
            File = "1:1:1",
            Location = "/var/log/auth.log",
            Format = "syslog",
        };
        foreach (var line in lines)
            source.Lines.Add(
                new Line
                {
                    End = ++_sequence,
                    Arrival = Now,
                    Text = ByteString.CopyFromUtf8(line),
                    Origin = origin,
                    Writer = origin is Origin.Forged or Origin.Unprivileged
                        ? "'sshd' that uid 1000 wrote with /usr/bin/logger"
                        : string.Empty,
                }
            );

        var batch = new LineBatch { Sequence = ++_sequence };
        batch.Sources.Add(source);
        await _analysis.AddAsync(new ReceivedBatch(session, batch), CancellationToken.None);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while ((await session.Outgoing.ReadAsync(deadline.Token)).BodyCase != ManagerMessage.BodyOneofCase.Ack) { }
    }

    /// <summary>What a host says of a block; an alarm goes the way that the stream sends it.</summary>
    internal async Task ReportAsync(AgentSession session, LedgerBlock block, string state, string reason = "")
    {
        var report = new BlockReport
        {
            Block = (ulong)block.Id,
            State = state,
            Reason = reason,
            Remaining = 60_000,
        };
        if (Dispatcher.Take(session, report) is { } alarm)
            await _analysis.TellAsync(alarm, session.Identity);
    }

    /// <summary>The newest block of a target.</summary>
    internal LedgerBlock Block(string target) => Ledger.Newest(1000).Last(b => string.Equals(b.Target, target, StringComparison.Ordinal));

    /// <summary>Alerts of a rule, as recorded.</summary>
    internal string[] Alerts(int rule) =>
        [
            .. File.ReadLines(Path.Combine(_folder.FullName, "alerts", "alerts.json"))
                .Where(l => l.Contains($"\"id\":\"{rule}\"", StringComparison.Ordinal)),
        ];

    /// <summary>Lets time go by for whatever waits and tries again, until it is done.</summary>
    internal async Task StepUntilAsync(Func<bool> isDone)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        // A step of the clock for each try, and time for the try: a clock that ran ahead would come to the next day, with files of its own.
        while (!isDone())
        {
            deadline.Token.ThrowIfCancellationRequested();
            Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Run(() => SpinWait.SpinUntil(isDone, TimeSpan.FromMilliseconds(50)));
        }
    }

    /// <summary>Ends the analysis in order, as at the end of the manager.</summary>
    internal async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _working;
    }

    /// <summary>Begins again, as the next start of the manager does.</summary>
    internal void Start()
    {
        _stopping.Dispose();
        _stopping = new CancellationTokenSource();
        _analysis = CreateAnalysis();
        _working = _analysis.RunAsync(_stopping.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stopping.Dispose();
        _database.Dispose();
        _folder.Delete(recursive: true);
    }

    private Analysis CreateAnalysis()
    {
        var records = new RecordStage(Records, TimeZoneInfo.Utc);
        records.TurnTo(Now);
        return new Analysis(
            State.CreateEngine(TimeZoneInfo.Utc, older: null),
            new EngineMemory(Path.Combine(_folder.FullName, "windows.bin"), Time, NullLogger.Instance),
            State.CreateDecider([]),
            records,
            new LineJournal(_database),
            Dispatcher,
            Known,
            Time,
            NullLogger.Instance
        );
    }

    private static AgentSession Connect(AgentSessions sessions, string id, string name)
    {
        var session = new AgentSession(new AgentIdentity(id, name, null), ["default"], new CancellationTokenSource());
        sessions.Add(session);
        return session;
    }
}
