using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Grpc.Net.Client;
using Redoubt.Transport.Certificates;

namespace Redoubt.Transport.Link;

/// <summary>Opens gRPC channels from an agent to a manager, with the manager's certificate checked against its own authority.</summary>
/// <remarks>TLS 1.3 only. The host name is never checked against DNS: the certificate must carry
/// <see cref="CertificateAuthority.ManagerName"/> and come from the pinned authority.</remarks>
public static class ManagerChannel
{
    /// <summary>Default port of a manager.</summary>
    public const int DefaultPort = 7514;

    /// <summary>To ask who a manager is: nothing is checked, so nothing may be sent that is not public.</summary>
    public static GrpcChannel ForIntroduction(ManagerAddress address) =>
        Open(
            address,
            new SslClientAuthenticationOptions
            {
                TargetHost = CertificateAuthority.ManagerName,
                EnabledSslProtocols = SslProtocols.Tls13,
#pragma warning disable CA5359 // The caller compares the authority's hash with the one it was given, and connects again with that trust.
                RemoteCertificateValidationCallback = (_, _, _, _) => true,
#pragma warning restore CA5359
            }
        );

    /// <summary>For the enrolment: trusts this authority, shows no client certificate.</summary>
    public static GrpcChannel ForEnrolment(ManagerAddress address, X509Certificate2 authority, TimeProvider time) =>
        Open(address, TrustingOnly(authority, time));

    /// <summary>For an enrolled agent.</summary>
    public static GrpcChannel ForAgent(ManagerAddress address, AgentCredentials credentials, TimeProvider time)
    {
        var tls = TrustingOnly(credentials.Authority, time);
        tls.ClientCertificateContext = SslStreamCertificateContext.Create(credentials.Certificate, null, offline: true);
        return Open(address, tls);
    }

    private static SslClientAuthenticationOptions TrustingOnly(X509Certificate2 authority, TimeProvider time)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            VerificationTime = time.GetUtcNow().UtcDateTime,
        };
        policy.CustomTrustStore.Add(authority);
        return new SslClientAuthenticationOptions
        {
            TargetHost = CertificateAuthority.ManagerName,
            EnabledSslProtocols = SslProtocols.Tls13,
            CertificateChainPolicy = policy,
        };
    }

    private static GrpcChannel Open(ManagerAddress address, SslClientAuthenticationOptions tls)
    {
        var handler = new SocketsHttpHandler
        {
            SslOptions = tls,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            KeepAlivePingDelay = WireLimits.AgentAsksAfter,
            KeepAlivePingTimeout = WireLimits.AnswerWithin,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.Always,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            UseProxy = false,
            // The handler checks the certificate against the name in the address, so the address carries the name that
            // managers have, and the connection goes where the manager really is.
            ConnectCallback = async (_, cancellation) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                try
                {
                    await socket.ConnectAsync(address.Host, address.Port, cancellation);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
        };
        return GrpcChannel.ForAddress(
            $"https://{CertificateAuthority.ManagerName}:{address.Port}",
            new GrpcChannelOptions
            {
                HttpHandler = handler,
                DisposeHttpClient = true,
                MaxReceiveMessageSize = WireLimits.MaxMessageBytes,
                MaxSendMessageSize = WireLimits.MaxMessageBytes,
            }
        );
    }
}
