using System.Globalization;
using Microsoft.Extensions.Logging;
using Redoubt.Agent.Blocks;
using Redoubt.Agent.Join;
using Redoubt.Agent.Lines;
using Redoubt.Agent.Link;
using Redoubt.Collect;
using Redoubt.Config;
using Redoubt.Host;
using Redoubt.Model;
using Redoubt.Respond;
using Redoubt.Transport.Link;
using Redoubt.Transport.Protocol;

namespace Redoubt.Agent;

/// <summary>The agent: wires the log reader, the link and the block keeper together. No decision is made here.</summary>
internal sealed class AgentProcess
{
    private readonly HomePaths _paths;
    private readonly LocalConfiguration _local;
    private readonly SharedConfiguration _shared;
    private readonly Collector _collector;
    private readonly BlockKeeper _keeper;
    private readonly ManagerLink _link;
    private readonly Enforcement _enforcement;
    private readonly RootOnlyFiles? _rootOnly;
    private readonly ILogger _log;

    // The local and the shared configuration may change at the same time; the sources are made of both.
    private readonly SemaphoreSlim _applying = new(1, 1);
    private IReadOnlyList<string> _protected;
    private IReadOnlyList<BlockTarget> _allowed = [];
    private readonly HostNames _managerNames;
    private IReadOnlyList<string> _addresses = HostDescription.Addresses();
    private readonly string _name;
    private readonly ServiceNotice _notice;
    private readonly TimeProvider _time;
    private readonly LoopPulse _reader = new("the log reader");
    private readonly LoopPulse _sender;
    private readonly LineQueue _lines;
    private readonly Shutdown _shutdown;
    private readonly long _started;
    private bool _startAgain;
    private long _repairs;
    private (int Decided, int Enforced) _counts;
    private SpoolNews? _spoolNews;

    private AgentProcess(
        HomePaths paths,
        LocalConfiguration local,
        RootOnlyFiles? rootOnly,
        IReadOnlyList<ManagerAddress> managers,
        string name,
        Enforcement enforcement,
        BlockJournal journal,
        PositionStore positions,
        TimeProvider time,
        ILogger log,
        ServiceNotice notice,
        Shutdown shutdown
    )
    {
        _notice = notice;
        _time = time;
        _name = name;
        _shutdown = shutdown;
        _started = time.GetUtcNow().ToUnixTimeMilliseconds();
        _paths = paths;
        _enforcement = enforcement;
        _local = local;
        _rootOnly = rootOnly;
        _log = log;
        _protected = [.. managers.Select(m => m.Host)];
        _managerNames = new HostNames(ask: null, time, log);
        _managerNames.Use(_protected.Where(p => !BlockTarget.TryParse(p, out _)));
        _shared = new SharedConfiguration(
            paths.AgentFolder,
            HostOf(FleetName.Load(paths.AgentFolder) ?? name, local),
            () => InternalOptions.TakesRemoteCommands(Path.Combine(paths.Etc, "local_internal_options.conf")),
            log
        );
        _lines = new LineQueue(_reader, shutdown.Token);
        _collector = new Collector(_lines, positions, time, log)
        {
            SpoolFilled = TellSpool,
            HostAddress = () => _addresses is [var first, ..] ? first : string.Empty,
            WentRound = _reader.Beat,
        };
        _sender = new LoopPulse("the link to the manager", () => _link!.NudgeSender());
        _link = new ManagerLink(managers, paths.AgentFolder, _lines, new UnacknowledgedBatches(positions), time, log)
        {
            Pulse = _sender,
            Hello = Greet,
            Received = Take,
            Welcomed = Welcome,
        };
        _keeper = new BlockKeeper(journal, enforcement, _link, Settings, time, log);
        enforcement.Changed += () => TellHost();
        enforcement.Repaired += incident =>
        {
            Interlocked.Increment(ref _repairs);
            TellHost(incident.Reason);
        };
        _keeper.Counted += (decided, enforced) =>
        {
            _counts = (decided, enforced);
            TellHost();
        };
    }

    internal static async Task<int> RunAsync(AgentArguments arguments)
    {
        var paths = HomePaths.Of(arguments.Home);
        var time = TimeProvider.System;
        var token = arguments.TokenFile is { } file ? Joining.ReadToken(file) : null;
        var managers = Joining.ManagersOf(arguments, paths);
        var local = LocalConfiguration.Read(arguments.ConfigurationFile ?? paths.ConfigurationFile);

        Privileges.OwnFolders(ServiceUser.Find(arguments.User), paths.Root, [paths.State, paths.Logs, paths.Run]);
        using var logs = ProgramLog.CreateFactory("agent", Path.Combine(paths.Logs, "redoubt.log"), time);
        var log = logs.CreateLogger("agent");
        using var rootOnly = RootOnlyFiles.Start();
        Privileges.Drop(ServiceUser.Find(arguments.User), [paths.Root, paths.State, paths.Logs], log);
        AllowLogs(rootOnly, local, paths);
        DeniedFiles.Open = rootOnly is null ? null : rootOnly.TryOpen;

        AgentProcess? agent = null;
        using var shutdown = new Shutdown(reload: () => _ = agent?.ReloadAsync());
        using var single = SingleInstance.Take(Path.Combine(paths.State, "agent.lock"), "agent");
        var name = arguments.Name ?? Environment.MachineName;
        var isNew = await Joining.EnrolAsync(paths, managers, token, name, time, log, shutdown.Token);
        if (shutdown.Token.IsCancellationRequested)
            return 0;

        ManagerList.Save(paths.AgentFolder, managers);
        await using var enforcement = new Enforcement(paths.EnforcerSocket, time, log);
        using var journal = BlockJournal.Open(
            Path.Combine(paths.AgentFolder, "blocks.log"),
            Joining.LedgerOf(paths),
            log,
            time.GetUtcNow().ToUnixTimeMilliseconds()
        );
        using var positions = new PositionStore(Path.Combine(paths.AgentFolder, "positions"), time, log);
        using var notice = ServiceNotice.FromEnvironment();
        agent = new AgentProcess(paths, local, rootOnly, managers, name, enforcement, journal, positions, time, log, notice, shutdown);
        await agent.ServeAsync(isNew, shutdown.Token);
        return agent._startAgain ? Supervisor.StartAgain : 0;
    }

    private async Task ServeAsync(bool isNew, CancellationToken stopping)
    {
        await _collector.ApplyAsync(Sources());
        var tasks = new[]
        {
            _enforcement.RunAsync(stopping),
            _keeper.RunAsync(stopping),
            KeepLinkAsync(stopping),
            _managerNames.RunAsync(UseNamesAsync, stopping),
        };
        // A host that enrolled before is ready without its manager: lines wait in their files, blocks are kept.
        if (isNew)
            await Task.WhenAny(_welcomed.Task, Task.WhenAll(tasks));

        if (!stopping.IsCancellationRequested)
            _notice.Ready("agent");

        var beating = new Heartbeat(_notice, [_reader, _sender], StatusLine, _time, _log).RunAsync(stopping);
        await Task.WhenAll(tasks);
        _notice.Stopping();
        await beating;
        await _collector.DisposeAsync();
    }

    private string StatusLine() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{(_link.IsConnected ? "connected" : "no manager: lines wait in their files")}; {_lines.Received} lines read since the start; {_counts.Enforced} of {_counts.Decided} blocks enforced{(_enforcement.IsConnected ? "" : "; the enforcer does not answer")}"
        );

    private async Task KeepLinkAsync(CancellationToken stopping)
    {
        // A last word, where there is a stream: the manager then knows that this agent was not cut off.
        using var cut = new CancellationTokenSource();
        await using var farewell = stopping.Register(() =>
        {
            if (_link.EndInOrder())
                cut.CancelAfter(ManagerLink.LongestFarewell);
            else
                cut.Cancel();
        });
        await _link.RunAsync(cut.Token);
        _shutdown.Request();
    }

    private readonly TaskCompletionSource _welcomed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Kept until a manager hears of it: a spool fills when there is none.
    private void TellSpool(string location, int level)
    {
        _spoolNews = new SpoolNews(location, level);
        TellHost();
    }

    private void TellHost(string? incident = null)
    {
        var (decided, enforced) = _counts;
        var news = Interlocked.Exchange(ref _spoolNews, null);
        var labels = Labels();
        var isSent = _link.Send(
            new AgentMessage
            {
                Host = new HostState
                {
                    Enforcer = _enforcement.IsConnected,
                    BlocksDecided = (uint)decided,
                    BlocksEnforced = (uint)enforced,
                    Repairs = Interlocked.Read(ref _repairs),
                    Incident = incident ?? string.Empty,
                    Labels = { labels.ToDictionary(l => l.Key, l => l.Value.Text) },
                    HiddenLabels = { labels.Where(l => l.Value.IsHidden).Select(l => l.Key) },
                    Addresses = { _addresses },
                    SpoolLevel = (uint)(news?.Level ?? 0),
                    SpoolLocation = news?.Location ?? string.Empty,
                },
            }
        );
        if (!isSent && news is not null)
            Interlocked.CompareExchange(ref _spoolNews, news, null);
    }

    private Dictionary<string, HostLabel> Labels()
    {
        var labels = new Dictionary<string, HostLabel>(_local.Current.Labels, StringComparer.Ordinal);
        foreach (var (key, label) in _shared.Current.Labels)
            labels[key] = label;

        return labels;
    }

    private Hello Greet() =>
        new()
        {
            Version = ProgramVersion.Text,
            Os = HostDescription.Uname,
            HostName = Environment.MachineName,
            LedgerVersion = _keeper.Version,
            ConfigSha256 = _shared.Sha256,
            ConfigProfile = _local.Current.Client.ConfigProfile,
            Enforcer = _enforcement.IsConnected,
            Started = _started,
        };

    private static AgentHost HostOf(string name, LocalConfiguration local) =>
        new(name, HostDescription.Uname, local.Current.Client.ConfigProfile, local.Current.Sockets);

    private void Welcome(Welcome welcome)
    {
        FleetName.Save(_paths.AgentFolder, welcome.Name);
        _ = RenameAsync(welcome.Name);
        _addresses = HostDescription.Addresses();
        _protected = [.. _protected.Union(welcome.Protect, StringComparer.Ordinal)];
        _keeper.Use(Settings);
        _keeper.ReportAll();
        TellHost();
        _welcomed.TrySetResult();
    }

    private void Take(ManagerMessage message)
    {
        switch (message.BodyCase)
        {
            case ManagerMessage.BodyOneofCase.Order:
                _keeper.Accept(message.Order);
                break;
            case ManagerMessage.BodyOneofCase.Allow:
                _allowed =
                [
                    .. message
                        .Allow.Networks.Select(n => BlockTarget.TryParse(n, out var target) ? target : (BlockTarget?)null)
                        .OfType<BlockTarget>(),
                ];
                _keeper.Use(Settings);
                break;
            case ManagerMessage.BodyOneofCase.Config:
                _ = ApplyAsync(message.Config);
                break;
            case ManagerMessage.BodyOneofCase.Restart:
                Restart();
                break;
        }
    }

    // Blocks stay in the kernel and lines in their files; what is under way is sent again.
    private void Restart()
    {
        var ends = Supervisor.StartsAgain;
        _link.Send(new AgentMessage { Restart = new RestartReport { Ends = ends } });
        if (!ends)
        {
            _log.RestartIsReload();
            _ = ReloadAsync();
            return;
        }

        _log.Restarts();
        _startAgain = true;
        _link.EndInOrder();
    }

    private async Task RenameAsync(string name)
    {
        await _applying.WaitAsync();
        try
        {
            if (_shared.Use(HostOf(name, _local)))
                await UseAsync();
        }
        finally
        {
            _applying.Release();
        }
    }

    private async Task ApplyAsync(SharedConfig config)
    {
        await _applying.WaitAsync();
        try
        {
            var report = _shared.Take(config);
            if (report.Applied)
                await UseAsync();

            _link.Send(new AgentMessage { Config = report });
            TellHost();
        }
        finally
        {
            _applying.Release();
        }
    }

    private async Task ReloadAsync()
    {
        await _applying.WaitAsync();
        try
        {
            _notice.Reloading();
            if (!_local.Reload(_log))
                return;

            AllowLogs(_rootOnly, _local, _paths);
            _shared.Use(HostOf(FleetName.Load(_paths.AgentFolder) ?? _name, _local));
            await UseAsync();
            TellHost();
            _log.Reloaded(Sources().Count);
        }
        finally
        {
            _notice.Running();
            _applying.Release();
        }
    }

    private Task UseNamesAsync()
    {
        _keeper.Use(Settings);
        return Task.CompletedTask;
    }

    private Task UseAsync()
    {
        _keeper.Use(Settings);
        return _collector.ApplyAsync(Sources());
    }

    private static void AllowLogs(RootOnlyFiles? rootOnly, LocalConfiguration local, HomePaths paths) =>
        rootOnly?.Allow(local.Current.LocalFiles.Select(f => paths.Resolve(f.Location)));

    private BlockSettings Settings =>
        new()
        {
            Ladder = _local.Current.Executor.Ladder,
            ResponsesDisabled = _local.Current.Executor.Disabled,
            Protected =
            [
                .. _protected.Concat(_managerNames.Current.Select(n => n.Address.ToString())).Where(p => BlockTarget.TryParse(p, out _)),
            ],
            Allowed = _allowed,
            LogForm = (_shared.Current.ResponseLog ?? _local.Current.Global.ResponseLog) switch
            {
                ResponseLogChoice.Legacy => ResponseLogForm.Legacy,
                ResponseLogChoice.Both => ResponseLogForm.Both,
                _ => ResponseLogForm.Json,
            },
        };

    private List<SourceOptions> Sources() =>
        ConfiguredSources.Of(
            _local.Current.LocalFiles.Concat(_shared.Current.LocalFiles),
            _local.Current.Sockets,
            _paths,
            _local.Current.Global.SpoolBytes
        );

    private sealed record SpoolNews(string Location, int Level);
}
