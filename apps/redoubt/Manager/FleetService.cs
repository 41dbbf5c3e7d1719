using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Redoubt.Host;
using Redoubt.Model;
using Redoubt.Store;
using Redoubt.Transport.Certificates;
using Redoubt.Transport.Protocol;

namespace Redoubt.App.Manager;

/// <summary>The stream of one agent.</summary>
internal sealed class FleetService(
    CertificateAuthority authority,
    AgentRegistry agents,
    AgentSessions sessions,
    Analysis analysis,
    Dispatcher dispatcher,
    BlockDesk desk,
    SharedConfigurations shared,
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
        var agent = Authenticate(connection.ClientCertificate, context);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        var hello = await GreetingAsync(requests, ending.Token);
        var address = AddressOf(connection.RemoteIpAddress);
        var session = new AgentSession(new AgentIdentity(agent.Id, agent.Name, agent.Id == "000" ? null : address), agent.Groups, ending)
        {
            HasEnforcer = hello.Enforcer,
            ConfigSha256 = hello.ConfigSha256,
        };
        agents.SetConnected(agent.Id, address, hello.Version, hello.Os, Now);
        var welcome = new Welcome { AgentId = agent.Id, Name = agent.Name };
        if (AddressOf(connection.LocalIpAddress) is { } own)
            welcome.Protect.Add(own);

        session.Send(new ManagerMessage { Welcome = welcome });
        session.Send(new ManagerMessage { Allow = desk.AllowListForHosts() });
        sessions.Add(session);
        _log.LogInformation("Agent {Id} ({Name}) is connected from {Address}", agent.Id, agent.Name, address);
        try
        {
            shared.Offer(session);
            dispatcher.CatchUp(session, (long)hello.LedgerVersion);
            var writing = WriteAsync(session, responses, ending.Token);
            await ReadAsync(session, requests, ending.Token);
            await ending.CancelAsync();
            await writing;
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or InvalidOperationException)
        {
            // The peer has gone, or a newer connection of the same agent took over: both are ordinary ends.
        }
        catch (Exception e) when (Database.IsDiskProblem(e))
        {
            // What it reported is told again after it has come back.
            _log.LogError("The ledger cannot be written: {Reason} Agent {Id} ({Name}) is to come again", e.Message, agent.Id, agent.Name);
        }
        finally
        {
            sessions.Remove(session);
            agents.SetSeen(agent.Id, Now);
            _log.LogInformation("Agent {Id} ({Name}) has disconnected", agent.Id, agent.Name);
        }
    }

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    private AgentRecord Authenticate(X509Certificate2? certificate, ServerCallContext context)
    {
        if (certificate is null || !authority.IsOurAgent(certificate))
            throw Refuse(
                context,
                StatusCode.Unauthenticated,
                "no valid certificate of this manager; enrol this host again with a token from 'redoubt agents token'"
            );

        var id = CertificateAuthority.AgentIdOf(certificate);
        if (agents.Find(id) is not { IsRevoked: false } agent)
            throw Refuse(
                context,
                StatusCode.PermissionDenied,
                $"agent {id} is not known here; enrol this host again with a token from 'redoubt agents token'"
            );

        return agent;
    }

    private RpcException Refuse(ServerCallContext context, StatusCode code, string why)
    {
        _log.LogWarning("Refused a connection from {Peer}: {Reason}", context.Peer, why);
        return new RpcException(new Status(code, why));
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
        if (host.Incident.Length > 0)
            _log.LogWarning(
                "Agent {Id} ({Name}) repaired its firewall: {Incident}",
                session.Identity.Id,
                session.Identity.Name,
                host.Incident
            );
    }

    private void Renew(AgentSession session, ByteString request)
    {
        try
        {
            using var certificate = authority.SignAgent(request.ToByteArray(), session.Identity.Id);
            agents.SetCertificate(session.Identity.Id, Convert.ToHexStringLower(SHA256.HashData(certificate.RawData)));
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
            _log.LogWarning(
                "Agent {Id} asked for a certificate with a request that is not valid: {Reason}",
                session.Identity.Id,
                e.Message
            );
        }
    }

    private static string? AddressOf(IPAddress? address) => address is null ? null : BlockTarget.Of(address).ToString();
}
