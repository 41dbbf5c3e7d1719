using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Redoubt.Agent.Lines;
using Redoubt.Agent.Link;
using Redoubt.App.Manager;
using Redoubt.Collect;
using Redoubt.Config;
using Redoubt.Host;
using Redoubt.Store;
using Redoubt.Transport.Certificates;
using Redoubt.Transport.Link;
using Redoubt.Transport.Port;
using Redoubt.Transport.Protocol;

namespace Redoubt.Tests.Manager.Fleet;

/// <summary>A manager's real port on loopback, and real links of agents to it; both with the clock that the test moves.</summary>
internal sealed class PortBox : IAsyncDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private readonly ManagerBox _manager = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<IDisposable> _owned = [];
    private readonly List<Task> _links = [];
    private readonly CertificateAuthority _authority;
    private readonly AgentPort _port;
    private readonly WebApplication _server;

    private PortBox(PortLimits limits, TimeSpan? lifetime)
    {
        _authority = CertificateAuthority.LoadOrCreate(Path.Combine(_manager.Folder, "authority"), Time, lifetime);
        Gate = new PortGate(limits, Time);
        var admission = new AgentAdmission(_authority, _manager.Agents);
        var contents = new SharedConfigs(_manager.Store);
        var groups = new GroupFiles(Path.Combine(_manager.Folder, "shared"), Log);
        Address = new ManagerAddress("127.0.0.1", FreePort());
        Knock = new PortKnock(new IPEndPoint(IPAddress.Loopback, Address.Port));
        _port = new AgentPort(_authority, admission, Gate, Knock, Time, Log);
        _server = ManagerServer.Create(
            HomePaths.Of(_manager.Folder),
            new IPEndPoint(IPAddress.Loopback, Address.Port),
            _port,
            control: null,
            services =>
                services
                    .AddSingleton<ILoggerFactory>(Log)
                    .AddSingleton(_authority)
                    .AddSingleton(admission)
                    .AddSingleton(_manager.Agents)
                    .AddSingleton(_manager.Sessions)
                    .AddSingleton(_manager.Analysis)
                    .AddSingleton(_manager.Dispatcher)
                    .AddSingleton(_manager.Desk)
                    .AddSingleton(new SharedConfigurations(groups, _manager.Agents, contents, _manager.Sessions, Time, Log))
                    .AddSingleton(new AgentRestarts(Time, Log))
                    .AddSingleton(new FleetEvents(_manager.Analysis, _manager.Agents, () => TimeSpan.FromMinutes(15), Time))
                    .AddSingleton<TimeProvider>(Time),
            Time
        );
    }

    internal static async Task<PortBox> StartAsync(PortLimits? limits = null, TimeSpan? lifetime = null)
    {
        var box = new PortBox(limits ?? new PortLimits(), lifetime);
        await box._server.StartAsync();
        return box;
    }

    internal Microsoft.Extensions.Time.Testing.FakeTimeProvider Time => _manager.Time;

    internal ManagerAddress Address { get; }

    internal PortKnock Knock { get; }

    internal CertificateAuthority Authority => _authority;

    internal PortGate Gate { get; }

    internal AgentRegistry Agents => _manager.Agents;

    internal LinkLog Log { get; } = new();

    /// <summary>Gives a folder the certificate of an agent.</summary>
    internal string CredentialsOf(string id, CertificateAuthority? signer = null, int generation = 0)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_manager.Folder, Guid.NewGuid().ToString("N"))).FullName;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = (signer ?? _authority).SignAgent(AgentCredentials.CreateRequest(key), id, generation);
        AgentCredentials.Save(folder, certificate.RawData, _authority.Certificate.RawData, key);
        return folder;
    }

    /// <summary>An authority that is not the manager's.</summary>
    internal CertificateAuthority Foreign()
    {
        var foreign = CertificateAuthority.LoadOrCreate(Path.Combine(_manager.Folder, "foreign"), Time);
        _owned.Add(foreign);
        return foreign;
    }

    /// <summary>Starts an agent's link; it lives as long as the box.</summary>
    /// <param name="folder">Its certificate.</param>
    /// <param name="clock">The host's clock; null: the manager's.</param>
    internal ManagerLink Link(string folder, TimeProvider? clock = null)
    {
        var positions = new PositionStore(Path.Combine(folder, $"positions-{_links.Count}"), clock ?? Time, NullLogger.Instance);
        _owned.Add(positions);
        ManagerLink? link = null;
        link = new ManagerLink(
            [Address],
            folder,
            new LineQueue(new LoopPulse("reader"), _stopping.Token),
            new UnacknowledgedBatches(positions),
            clock ?? Time,
            Log
        )
        {
            Pulse = new LoopPulse("link"),
            Hello = () => new Hello { Version = "1", Os = "Linux" },
            Received = _ => { },
            Welcomed = _ => link!.Send(new AgentMessage { Host = new HostState() }),
        };
        _links.Add(link.RunAsync(_stopping.Token));
        return link;
    }

    internal bool IsActive(string id) => _manager.Sessions.Find(id) is { IsActive: true };

    internal AgentSession Session(string id) => _manager.Sessions.Find(id)!;

    internal long Refused(Refusal reason) => Gate.Refused[reason];

    /// <summary>Waits for what no event announces; the clock of the test moves meanwhile when it shall.</summary>
    internal async Task UntilAsync(Func<bool> condition, string what, TimeSpan step = default)
    {
        using var limit = new CancellationTokenSource(Soon);
        while (!condition())
        {
            if (limit.IsCancellationRequested)
                Assert.Fail($"Expected soon: {what}.\n{Log}");

            Time.Advance(step);
            await Task.Delay(10, CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_links);
        await _server.StopAsync();
        await _server.DisposeAsync();
        foreach (var owned in _owned)
            owned.Dispose();

        _authority.Dispose();
        _stopping.Dispose();
        await _manager.DisposeAsync();
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    /// <summary>What was logged, by anybody.</summary>
    internal sealed class LinkLog : ILogger, ILoggerFactory
    {
        private readonly ConcurrentQueue<string> _lines = new();

        internal int Count(string text) => _lines.Count(l => l.Contains(text, StringComparison.Ordinal));

        public override string ToString() => string.Join('\n', _lines);

        IDisposable? ILogger.BeginScope<TState>(TState state) => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? e, Func<TState, Exception?, string> format) =>
            _lines.Enqueue(format(state, e));

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) { }

        public void Dispose() { }
    }
}
