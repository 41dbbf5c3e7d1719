using System.Security.Cryptography;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Redoubt.Store;
using Redoubt.Transport.Certificates;
using Redoubt.Transport.Protocol;

namespace Redoubt.App.Manager;

/// <summary>First contact: a token against a certificate.</summary>
internal sealed class EnrolmentService(CertificateAuthority authority, AgentRegistry agents, TimeProvider time, ILoggerFactory logs)
    : Enrolment.EnrolmentBase
{
    private const int MaxNameLength = 128;
    private readonly ILogger _log = logs.CreateLogger("manager");

    /// <inheritdoc/>
    public override Task<IntroduceReply> Introduce(IntroduceRequest request, ServerCallContext context) =>
        Task.FromResult(new IntroduceReply { Authority = ByteString.CopyFrom(authority.Certificate.RawData) });

    /// <inheritdoc/>
    public override Task<EnrolReply> Enrol(EnrolRequest request, ServerCallContext context)
    {
        // Before the token is looked at, nothing depends on what the peer wrote.
        if (EnrolmentToken.Parse(request.Token) is not { } token)
            throw Refuse(context, "The token is not one of ours.");

        var name =
            NameOf(request.Name.Length > 0 ? request.Name : request.HostName)
            ?? throw new RpcException(
                new Status(StatusCode.InvalidArgument, "An agent's name is 1 to 128 letters, digits, dots, hyphens or underscores.")
            );
        if (agents.Enrol(token.SecretHash, name, time.GetUtcNow().ToUnixTimeMilliseconds()) is not { } agent)
            throw Refuse(context, "The token is unknown, used up or expired.");

        try
        {
            using var certificate = authority.SignAgent(request.Request.ToByteArray(), agent.Id);
            agents.SetCertificate(agent.Id, Convert.ToHexStringLower(SHA256.HashData(certificate.RawData)));
            _log.LogInformation("Enrolled agent {Id} ({Name}) from {Peer}", agent.Id, agent.Name, context.Peer);
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
        _log.LogWarning("Refused an enrolment from {Peer}: {Reason}", context.Peer, why);
        return new RpcException(new Status(StatusCode.PermissionDenied, why));
    }

    private static string? NameOf(string wished)
    {
        var name = wished.Trim();
        return name.Length is > 0 and <= MaxNameLength && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_')
            ? name
            : null;
    }
}
