using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Redoubt.Host;
using Redoubt.Model;
using Redoubt.Store;
using Redoubt.Transport.Certificates;
using Redoubt.Transport.Port;
using Redoubt.Transport.Protocol;

namespace Redoubt.App.Manager;

/// <summary>The stream of one agent.</summary>
internal sealed class FleetService(
    CertificateAuthority authority,
    AgentAdmission admission,
    AgentPort port,
    AgentRegistry agents,
    AgentSessions sessions,
    Analysis analysis,
    Dispatcher dispatcher,
    BlockDesk desk,
    SharedConfigurations shared,
    AgentRestarts restarts,
    FleetEvents events,
    TimeProvider time,
    ILoggerFactory logs
) : Fleet.FleetBase
{
    private static readonly TimeSpan GreetingDeadline = TimeSpan.FromSeconds(10);
    private readonly ILogger _log = logs.CreateLogger("manager");

    /// <inheritdoc/>
    public override async Task Connect(
        IAsyncStreamReader<AgentMessage> requests,
        IServerStreamWriter<ManagerMessage> responses,
        ServerCallContext context
    )
    {
        var connection = context.GetHttpContext().Connection;
        var agent = Authenticate(connection.ClientCertificate, context.GetHttpContext());
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        var hello = await GreetingAsync(requests, ending.Token);
        var address = AddressOf(connection.RemoteIpAddress);
        var session = new AgentSession(
            new AgentIdentity(agent.Id, agent.Name, agent.Id == AgentIdentity.ManagerHostId ? null : address),
            agent.Groups,
            ending
        )
        {
            HasEnforcer = hello.Enforcer,
            ConfigSha256 = hello.ConfigSha256,
            Started = hello.Started,
            Generation = agent.Generation,
            CertificateEnds = CertificateAuthority.EndOf(connection.ClientCertificate!),
        };
        if (agent.Started != hello.Started)
            await events.StartedAsync(session.Identity);

        events.Came(agent.Id);
        agents.SetConnected(agent.Id, address, hello.Version, hello.Os, hello.Started, Now);
        agents.SetConfigInForce(agent.Id, hello.ConfigSha256);
        var welcome = new Welcome { AgentId = agent.Id, Name = agent.Name };
        if (AddressOf(connection.LocalIpAddress) is { } own)
            welcome.Protect.Add(own);

        session.Send(new ManagerMessage { Welcome = welcome });
        session.Send(new ManagerMessage { Allow = desk.AllowListForHosts() });
        sessions.Add(session);
        UseNewest(session);
        _log.AgentConnected(agent.Id, agent.Name, address);
        var hasEndedInOrder = false;
        try
        {
            shared.Offer(session);
            dispatcher.CatchUp(session, (long)hello.LedgerVersion);
            var writing = WriteAsync(session, responses, ending.Token);
            var reading = ReadAsync(session, requests, ending.Token);
            await Task.WhenAny(reading, writing, CertificateEndAsync(session, ending.Token));
            hasEndedInOrder = reading.IsCompletedSuccessfully;
            await ending.CancelAsync();
            await Task.WhenAll(reading, writing);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or InvalidOperationException)
        {
            // The peer has gone, or a newer connection of the same agent took over: both are ordinary ends.
        }
        catch (Exception e) when (Database.IsDiskProblem(e))
        {
            // What it reported is told again after it has come back.
            _log.ReportNotKept(e.Message, agent.Id, agent.Name);
        }
        finally
        {
            sessions.Remove(session);
            agents.SetSeen(agent.Id, Now);
            _log.AgentDisconnected(agent.Id, agent.Name);
            if (sessions.Find(agent.Id) is null)
                await events.WentAsync(session.Identity, hasEndedInOrder);
        }
    }

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    private AgentRecord Authenticate(X509Certificate2? certificate, HttpContext context)
    {
        if (admission.Find(certificate, out var refusal, out var reason) is { } agent)
        {
            AgentPort.Settle(context);
            return agent;
        }

        port.Refuse(context, refusal, reason);
        var code = refusal == Refusal.RevokedAgent ? StatusCode.PermissionDenied : StatusCode.Unauthenticated;
        throw new RpcException(new Status(code, reason));
    }

    // Between its authentication and now somebody may have removed it, or changed its groups.
    private void UseNewest(AgentSession session)
    {
        if (agents.Find(session.Identity.Id) is not { } agent)
            return;

        session.Groups = agent.Groups;
        if (agent.IsRevoked)
            session.EndWith(new ManagerMessage { Revoked = new Revoked { Reason = FleetDesk.WhyRevoked(agent) } });
    }

    private static async Task<Hello> GreetingAsync(IAsyncStreamReader<AgentMessage> requests, CancellationToken ending)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ending);
        deadline.CancelAfter(GreetingDeadline);
        try
        {
            if (await requests.MoveNext(deadline.Token) && requests.Current.Hello is { } hello)
                return hello;
        }
        catch (OperationCanceledException)
        {
            // Told below: a peer that says nothing is not an agent.
        }

        throw new RpcException(new Status(StatusCode.InvalidArgument, "the first message must be a greeting"));
    }

    private static async Task WriteAsync(AgentSession session, IServerStreamWriter<ManagerMessage> responses, CancellationToken ending)
    {
        await foreach (var message in session.Outgoing.ReadAllAsync(ending))
            await responses.WriteAsync(message, ending);
    }

    private async Task ReadAsync(AgentSession session, IAsyncStreamReader<AgentMessage> requests, CancellationToken ending)
    {
        while (await requests.MoveNext(ending))
        {
            var message = requests.Current;
            switch (message.BodyCase)
            {
                case AgentMessage.BodyOneofCase.Lines:
                    await analysis.AddAsync(new ReceivedBatch(session, message.Lines), ending);
                    break;
                case AgentMessage.BodyOneofCase.Report:
                    if (dispatcher.Take(session, message.Report) is { } alarm)
                        await analysis.TellAsync(alarm, session.Identity);

                    break;
                case AgentMessage.BodyOneofCase.Config:
                    shared.Take(session, message.Config);
                    break;
                case AgentMessage.BodyOneofCase.Host:
                    Take(session, message.Host);
                    if (SpoolAlarm.Of(message.Host) is { } filled)
                        await analysis.TellAsync(filled, session.Identity);

                    break;
                case AgentMessage.BodyOneofCase.Restart:
                    restarts.Take(session, message.Restart);
                    break;
                case AgentMessage.BodyOneofCase.Renewal:
                    Renew(session, message.Renewal);
                    break;
            }
        }
    }

    private void Take(AgentSession session, HostState host)
    {
        session.HasEnforcer = host.Enforcer;
        (session.BlocksDecided, session.BlocksEnforced, session.Repairs) = (
            (int)host.BlocksDecided,
            (int)host.BlocksEnforced,
            host.Repairs
        );
        if (
            session.Host is not { } told
            || !told.Labels.Equals(host.Labels)
            || !told.HiddenLabels.Equals(host.HiddenLabels)
            || !told.Addresses.Equals(host.Addresses)
        )
            UseHost(session, host);

        session.Host = host;
        if (!session.IsActive)
        {
            session.IsActive = true;
            restarts.Connected(session);
        }

        if (host.SpoolLevel > 0)
            session.Spool = (host.SpoolLocation, (int)Math.Min(host.SpoolLevel, 100));

        if (host.Incident.Length == 0)
            return;

        analysis.Counters.LastIncident = new Incident(Now, session.Identity.Id, session.Identity.Name, host.Incident);
        _log.AgentRepairedFirewall(session.Identity.Id, session.Identity.Name, host.Incident);
    }

    private void UseHost(AgentSession session, HostState host)
    {
        List<KeyValuePair<string, string>> labels =
        [
            .. host.Labels.Where(IsShort).OrderBy(l => l.Key, StringComparer.Ordinal).Take(MaxLabels),
        ];
        agents.SetHost(session.Identity.Id, labels, host.Addresses.Take(MaxLabels));
        var hidden = host.HiddenLabels.ToHashSet(StringComparer.Ordinal);
        session.Use([.. labels.Where(l => !hidden.Contains(l.Key))]);
    }

    // A connection lives no longer than the certificate it was made with, or the one that was given over it.
    private async Task CertificateEndAsync(AgentSession session, CancellationToken ending)
    {
        while (session.CertificateEnds > Now)
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(session.CertificateEnds - Now, DayMilliseconds)), time, ending);
    }

    private const long DayMilliseconds = 86_400_000;

    // An agent may say anything; what is kept of it is bounded.
    private const int MaxLabels = 64;

    private static bool IsShort(KeyValuePair<string, string> label) => label.Key.Length <= 128 && label.Value.Length <= 512;

    private void Renew(AgentSession session, ByteString request)
    {
        try
        {
            using var certificate = authority.SignAgent(request.ToByteArray(), session.Identity.Id, session.Generation);
            agents.SetCertificate(
                session.Identity.Id,
                CertificateAuthority.FingerprintOf(certificate),
                CertificateAuthority.EndOf(certificate)
            );
            session.CertificateEnds = CertificateAuthority.EndOf(certificate);
            session.Send(
                new ManagerMessage
                {
                    Renewed = new EnrolReply
                    {
                        AgentId = session.Identity.Id,
                        Name = session.Identity.Name,
                        Certificate = ByteString.CopyFrom(certificate.RawData),
                        Authority = ByteString.CopyFrom(authority.Certificate.RawData),
                    },
                }
            );
        }
        catch (CryptographicException e)
        {
            _log.BadRenewal(session.Identity.Id, e.Message);
        }
    }

    private static string? AddressOf(IPAddress? address) => address is null ? null : BlockTarget.Of(address).ToString();
}
