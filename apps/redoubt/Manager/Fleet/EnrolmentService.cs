using System.Security.Cryptography;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Redoubt.Store;
using Redoubt.Transport.Certificates;
using Redoubt.Transport.Port;
using Redoubt.Transport.Protocol;

namespace Redoubt.App.Manager;

/// <summary>First contact: a token against a certificate.</summary>
internal sealed class EnrolmentService(
    CertificateAuthority authority,
    AgentRegistry agents,
    AgentPort port,
    TimeProvider time,
    ILoggerFactory logs
) : Enrolment.EnrolmentBase
{
    private readonly ILogger _log = logs.CreateLogger("manager");

    /// <inheritdoc/>
    public override Task<IntroduceReply> Introduce(IntroduceRequest request, ServerCallContext context)
    {
        AgentPort.Settle(context.GetHttpContext());
        return Task.FromResult(new IntroduceReply { Authority = ByteString.CopyFrom(authority.Certificate.RawData) });
    }

    /// <inheritdoc/>
    public override Task<EnrolReply> Enrol(EnrolRequest request, ServerCallContext context)
    {
        AgentPort.Settle(context.GetHttpContext());
        // Before the token is looked at, nothing depends on what the peer wrote.
        if (EnrolmentToken.Parse(request.Token) is not { } token)
            throw Refuse(context, "The token is not one of ours.");

        var name = (request.Name.Length > 0 ? request.Name : request.HostName).Trim();
        if (!FleetNames.IsAgent(name))
            throw new RpcException(new Status(StatusCode.InvalidArgument, FleetNames.AgentRule));

        if (agents.Enrol(token.SecretHash, name, time.GetUtcNow().ToUnixTimeMilliseconds()) is not { } agent)
            throw Refuse(context, "The token is unknown, used up or expired.");

        try
        {
            using var certificate = authority.SignAgent(request.Request.ToByteArray(), agent.Id, agent.Generation);
            agents.SetCertificate(agent.Id, CertificateAuthority.FingerprintOf(certificate), CertificateAuthority.EndOf(certificate));
            _log.AgentEnrolled(agent.Id, agent.Name, context.Peer);
            return Task.FromResult(
                new EnrolReply
                {
                    AgentId = agent.Id,
                    Name = agent.Name,
                    Certificate = ByteString.CopyFrom(certificate.RawData),
                    Authority = ByteString.CopyFrom(authority.Certificate.RawData),
                }
            );
        }
        catch (CryptographicException e)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, "The certificate request is not valid: " + e.Message));
        }
    }

    private RpcException Refuse(ServerCallContext context, string why)
    {
        port.Refuse(context.GetHttpContext(), Refusal.WrongToken, why);
        return new RpcException(new Status(StatusCode.PermissionDenied, why));
    }
}
