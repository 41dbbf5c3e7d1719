using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Redoubt.App.Rules;
using Redoubt.Config;
using Redoubt.Decide;
using Redoubt.Host;
using Redoubt.Model;
using Redoubt.Record;
using Redoubt.Show;
using Redoubt.Store;
using Redoubt.Transport.Certificates;
using Redoubt.Transport.Link;
using Redoubt.Transport.Port;

namespace Redoubt.App.Manager;

/// <summary>The manager: wires rules, analysis, ledger, fleet and API together.</summary>
internal sealed class ManagerProcess
{
    private readonly ManagerArguments _arguments;
    private readonly HomePaths _paths;
    private readonly string _configurationFile;
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly ILoggerFactory _logs;
    private readonly ILogger _log;
    private readonly SemaphoreSlim _reloading = new(1, 1);
    private readonly BlockBudget _budget;
    private readonly ServiceNotice _notice;
    private ManagerState _state;
    private Analysis? _analysis;
    private BlockDesk? _desk;
    private PortGate? _gate;
    private readonly SyslogIntake _syslog;

    private ManagerProcess(
        ManagerArguments arguments,
        HomePaths paths,
        string configurationFile,
        ManagerState state,
        SyslogIntake syslog,
        ServiceNotice notice,
        ILoggerFactory logs
    )
    {
        _notice = notice;
        _syslog = syslog;
        _arguments = arguments;
        _paths = paths;
        _configurationFile = configurationFile;
        _state = state;
        _budget = new BlockBudget(state.Decide.Budget);
        _logs = logs;
        _log = logs.CreateLogger("manager");
    }

    internal static async Task<int> RunAsync(ManagerArguments arguments)
    {
        var paths = HomePaths.Of(arguments.Home);
        var listen = ListenAddress(arguments.Listen);
        var configurationFile = arguments.ConfigurationFile ?? paths.ConfigurationFile;
        var diagnostics = new DiagnosticBag();
        var state = ManagerState.Load(paths, configurationFile, arguments.Compatibility, diagnostics);
        foreach (var diagnostic in diagnostics.All.Where(d => d.Severity != Severity.Note))
            await Console.Error.WriteLineAsync(diagnostic.ToString());

        if (state is null)
            throw new StartException(
                "The configuration or the rules have errors; nothing was started. 'redoubt check' shows them all.",
                StartException.ExitCodeOf(diagnostics)
            );

        var user = ServiceUser.Find(arguments.User);
        PrepareFolders(paths, user);
        using var logs = ProgramLog.CreateFactory("manager", Path.Combine(paths.Logs, "redoubt.log"), TimeProvider.System);
        await using var syslog = new SyslogIntake(TimeProvider.System, logs.CreateLogger("manager"));
        if (await syslog.UseAsync(state.Configuration.RemoteSyslog) is [var problem, ..])
            throw new StartException($"{char.ToUpperInvariant(problem[0])}{problem[1..]}.", StartException.Unreachable);

        Privileges.Drop(user, [paths.Root, paths.State, paths.Logs, paths.Etc], logs.CreateLogger("manager"));
        using var single = SingleInstance.Take(Path.Combine(paths.State, "manager.lock"), "manager");
        BeginSyslog(syslog, paths, state.Configuration.Global.SpoolBytes);
        using var notice = ServiceNotice.FromEnvironment();
        await new ManagerProcess(arguments, paths, configurationFile, state, syslog, notice, logs).ServeAsync(listen);
        return 0;
    }

    private static void BeginSyslog(SyslogIntake syslog, HomePaths paths, long spoolBytes)
    {
        try
        {
            syslog.Begin(paths.SyslogSpool, spoolBytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"The spool {paths.SyslogSpool} cannot be used: {e.Message}", StartException.Unreachable);
        }
    }

    private async Task ServeAsync(IPEndPoint? listen)
    {
        _state.WriteArConf(_paths, _log);
        using var database = OpenDatabase();
        using var authority = OpenAuthority();
        var agents = new AgentRegistry(database);
        agents.EnsureManagerHost(Environment.MachineName, _time.GetUtcNow().ToUnixTimeMilliseconds());
        GiveLocalAgentItsCertificate(authority, agents, listen);
        var sessions = new AgentSessions();
        var ledger = new BlockLedger(database);
        var logins = new LoginSources(database);
        var dispatcher = new Dispatcher(
            ledger,
            agents,
            sessions,
            logins,
            _budget,
            () => _state.Decide,
            Environment.MachineName,
            _time,
            _log
        );
        var names = new HostNames(ask: null, _time, _log);
        _desk = new BlockDesk(
            ledger,
            new AllowedEntries(database),
            agents,
            sessions,
            dispatcher,
            logins,
            _budget,
            () => _state,
            decider => _analysis!.UseAsync(decider),
            names,
            _time,
            _log
        );
        _desk.UseNames();
        var groups = new GroupFiles(_paths.Shared, _log);
        var contents = new SharedConfigs(database);
        var shared = new SharedConfigurations(groups, agents, contents, sessions, _time, _log);
        var restarts = new AgentRestarts(_time, _log);
        var records = new RecordStage(_state.Records, _time.LocalTimeZone);
        // So that whoever follows the files finds them before the first alert. What cannot be made now is told by the keeper.
        records.TurnTo(_time.GetUtcNow().ToUnixTimeMilliseconds());
        _analysis = new Analysis(
            _state.CreateEngine(_time.LocalTimeZone, older: null),
            new EngineMemory(Path.Combine(_paths.State, "windows.bin"), _time, _log),
            _state.CreateDecider(_desk.AllowedNow()),
            records,
            new LineJournal(database),
            dispatcher,
            logins,
            _time,
            _log
        );
        var events = new FleetEvents(_analysis, agents, () => _state.Configuration.Global.AgentsDisconnectionTime, _time);
        var fleet = new FleetDesk(agents, sessions, restarts, groups, shared, contents, events, authority, _time, _log);
        var admission = new AgentAdmission(authority, agents);
        _gate = new PortGate(_state.Configuration.AgentPort, _time);
        var knock = new PortKnock(listen);
        var port = new AgentPort(authority, admission, _gate, knock, _time, _log);
        using var index = new AlertIndexer(
            _paths.AlertIndex,
            () => _state.Records,
            () => _state.Configuration.Global,
            alarm => _analysis.TellAsync(alarm, OwnAlert.Manager),
            _time,
            _log
        );
        var control = new ManagerControl(
            _paths,
            () => _state,
            ReloadAsync,
            fleet,
            sessions,
            ledger,
            _desk,
            _analysis,
            index,
            _gate,
            _syslog,
            _configurationFile,
            _time
        );

        await using var server = ManagerServer.Create(
            _paths,
            listen,
            port,
            control,
            services =>
                services
                    .AddSingleton(_logs)
                    .AddSingleton(authority)
                    .AddSingleton(admission)
                    .AddSingleton(agents)
                    .AddSingleton(sessions)
                    .AddSingleton(_analysis)
                    .AddSingleton(dispatcher)
                    .AddSingleton(_desk)
                    .AddSingleton(shared)
                    .AddSingleton(restarts)
                    .AddSingleton(events)
                    .AddSingleton(_time),
            _time
        );
        using var shutdown = new Shutdown(reload: () => _ = ReloadAsync());
        await WarmUp.RunAsync(_state, _paths.State, _time, _log);
        await StartAsync(server, listen);
        _log.Listening(
            listen?.ToString() ?? $"port {ManagerChannel.DefaultPort}",
            _state.Ruleset.Rules.Count,
            _state.Decide.Mode == ResponseMode.Observe ? "observe" : "enforce"
        );
        _notice.Ready("manager");
        var heartbeat = new Heartbeat(_notice, [_analysis.Pulse, knock.Pulse], () => StatusLine(sessions, ledger), _time, _log);
        var lists = new ListWatch(() => RulesetFiles.ListFilesOf(_paths, _state.Configuration.Ruleset), ReloadListsAsync, _time);
        var working = new[]
        {
            _analysis.RunAsync(shutdown.Token),
            shared.RunAsync(shutdown.Token),
            events.RunAsync(shutdown.Token),
            lists.RunAsync(shutdown.Token),
            new RecordKeeper(() => _state.Records, _analysis, _time, _log).RunAsync(shutdown.Token),
            index.RunAsync(shutdown.Token),
            names.RunAsync(_desk.UseAnswersAsync, shutdown.Token),
            _syslog.RunAsync(_analysis, shutdown.Token),
            heartbeat.RunAsync(shutdown.Token),
        };
        // A stage that dies of a bug must end the process: a supervisor starts it again, and no line is lost.
        await await Task.WhenAny([.. working, Task.Delay(Timeout.Infinite, shutdown.Token).ContinueWith(_ => { }, TaskScheduler.Default)]);
        _notice.Stopping();
        foreach (var session in sessions.All)
            session.End();

        await server.StopAsync(CancellationToken.None);
        await Task.WhenAll(working);
    }

    private string StatusLine(AgentSessions sessions, BlockLedger ledger) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{_state.Ruleset.Rules.Count} rules, {(_state.Decide.Mode == ResponseMode.Observe ? "observe" : "enforce")} mode; {sessions.All.Count()} agents connected; {_analysis!.Counters.Processed} lines, {_analysis.Counters.Alerts} alerts since the start; {ledger.Current(_time.GetUtcNow().ToUnixTimeMilliseconds()).Count} blocks"
        ) + (_analysis.LedgerProblem is { } problem ? $"; the ledger cannot be written: {problem}" : string.Empty);

    private async Task ReloadListsAsync()
    {
        _log.ListChanged();
        await ReloadAsync();
    }

    private async Task<ReloadView> ReloadAsync()
    {
        await _reloading.WaitAsync();
        _notice.Reloading();
        try
        {
            var diagnostics = new DiagnosticBag();
            var state = ManagerState.Load(_paths, _configurationFile, _arguments.Compatibility, diagnostics);
            if (state is null)
            {
                _log.ReloadRefused(diagnostics.All.First(d => d.Severity == Severity.Error));
                return new ReloadView(false, diagnostics.All);
            }

            // The zone of the host may have changed since.
            TimeZoneInfo.ClearCachedData();
            await _analysis!.UseAsync(
                older => state.CreateEngine(_time.LocalTimeZone, older),
                state.CreateDecider(_desk!.AllowedNow()),
                new RecordStage(state.Records, _time.LocalTimeZone)
            );
            _state = state;
            _budget.Use(state.Decide.Budget);
            _gate!.Use(state.Configuration.AgentPort);
            await _syslog.UseAsync(state.Configuration.RemoteSyslog);
            _desk.UseNames();
            await _desk.LiftAsync();
            state.WriteArConf(_paths, _log);
            _log.Reloaded(state.Ruleset.Rules.Count);
            return new ReloadView(true, diagnostics.All);
        }
        finally
        {
            _notice.Running();
            _reloading.Release();
        }
    }

    private async Task StartAsync(WebApplication server, IPEndPoint? listen)
    {
        File.Delete(_paths.ManagerSocket);
        try
        {
            await server.StartAsync();
            File.SetUnixFileMode(
                _paths.ManagerSocket,
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite
            );
        }
        catch (IOException e)
        {
            var place = listen?.ToString() ?? $"port {ManagerChannel.DefaultPort}";
            throw new StartException(
                $"Cannot listen on {place}: {e.Message} End what uses it, or choose another with --listen.",
                StartException.Unreachable
            );
        }
        catch (SocketException e)
        {
            throw new StartException(
                $"Cannot listen on {listen}: {e.Message}. Give an address of this host with --listen.",
                StartException.Unreachable
            );
        }
    }

    private Database OpenDatabase()
    {
        try
        {
            return new Database(_paths.Database);
        }
        catch (Exception e)
            when (e is IOException or UnauthorizedAccessException or Microsoft.Data.Sqlite.SqliteException or InvalidDataException)
        {
            throw new StartException($"The database {_paths.Database} cannot be opened: {e.Message}", StartException.Unreachable);
        }
    }

    private CertificateAuthority OpenAuthority()
    {
        try
        {
            return CertificateAuthority.LoadOrCreate(_paths.AuthorityFolder, _time, _state.Configuration.CertificateLifetime);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new StartException(
                $"The authority in {_paths.AuthorityFolder} cannot be used: {e.Message} Restore it from a backup; a new one would cut off every agent.",
                StartException.Unreachable
            );
        }
    }

    /// <summary>What the agent beside the manager holds. A damaged certificate of ours is put aside, for a new one costs nothing.</summary>
    private AgentCredentials? LocalCredentials(CertificateAuthority authority)
    {
        try
        {
            return AgentCredentials.Load(_paths.AgentFolder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            if (e is not CryptographicException || !AgentCredentials.PutAside(_paths.AgentFolder, authority.Certificate))
                throw new StartException(
                    $"The certificate in {_paths.AgentFolder} cannot be used: {e.Message} It may be another manager's; remove the folder if the agent beside this manager shall be its own.",
                    StartException.Unreachable
                );

            _log.OwnCertificateDamaged(e.Message);
            return null;
        }
    }

    // The agent beside the manager is 000 and needs no token: who can read the manager's home is the manager.
    private void GiveLocalAgentItsCertificate(CertificateAuthority authority, AgentRegistry agents, IPEndPoint? listen)
    {
        using var known = LocalCredentials(authority);
        if (known is not null && (known.AgentId != AgentIdentity.ManagerHostId || !known.IsDueForRenewal(_time.GetUtcNow())))
            return;

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = authority.SignAgent(AgentCredentials.CreateRequest(key), AgentIdentity.ManagerHostId);
        AgentCredentials.Save(_paths.AgentFolder, certificate.RawData, authority.Certificate.RawData, key);
        agents.SetCertificate(
            AgentIdentity.ManagerHostId,
            CertificateAuthority.FingerprintOf(certificate),
            CertificateAuthority.EndOf(certificate)
        );
        if (known is not null)
            return;

        var address =
            listen is null || listen.Address.Equals(IPAddress.Any) || listen.Address.Equals(IPAddress.IPv6Any)
                ? new ManagerAddress("127.0.0.1", listen?.Port ?? ManagerChannel.DefaultPort)
                : new ManagerAddress(listen.Address.ToString(), listen.Port);
        File.WriteAllText(Path.Combine(_paths.AgentFolder, "managers"), address + "\n");
    }

    private static void PrepareFolders(HomePaths paths, ServiceUser user)
    {
        const int maxSocketPath = 107;
        if (paths.ManagerSocket.Length > maxSocketPath)
            throw new StartException(
                $"The path {paths.ManagerSocket} is too long for a socket ({maxSocketPath} bytes). Choose a shorter --home.",
                StartException.Usage
            );

        try
        {
            Directory.CreateDirectory(paths.Etc);
            SharedConfigurations.EnsureDefaultGroup(paths.Shared);
            Privileges.OwnFolders(user, paths.Root, [paths.State, paths.Logs, paths.Run]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException(
                $"The home {paths.Root} cannot be prepared: {e.Message} Start as root, or choose a --home of your own.",
                StartException.Unreachable
            );
        }
    }

    private static IPEndPoint? ListenAddress(string? text)
    {
        if (text is null)
            return null;

        return ManagerAddress.Parse(text) is { } address && IPAddress.TryParse(address.Host, out var ip)
            ? new IPEndPoint(ip, address.Port)
            : throw new StartException(
                $"'{text}' is not an address to listen on. Write ADDR:PORT, for example 0.0.0.0:7514.",
                StartException.Usage
            );
    }
}
