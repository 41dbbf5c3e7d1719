using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
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

    /// <summary>For the first contact: trusts the authority with this fingerprint, shows no client certificate.</summary>
    public static GrpcChannel ForEnrolment(ManagerAddress address, EnrolmentToken token)
    {
        var tls = new SslClientAuthenticationOptions
        {
            TargetHost = CertificateAuthority.ManagerName,
            EnabledSslProtocols = SslProtocols.Tls13,
            RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
                IsFromPinnedAuthority(certificate, chain, errors, token.AuthorityFingerprint),
        };
        return Open(address, tls);
    }

    /// <summary>For an enrolled agent.</summary>
    public static GrpcChannel ForAgent(ManagerAddress address, AgentCredentials credentials)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.Add(credentials.Authority);
        var tls = new SslClientAuthenticationOptions
        {
            TargetHost = CertificateAuthority.ManagerName,
            EnabledSslProtocols = SslProtocols.Tls13,
            CertificateChainPolicy = policy,
            ClientCertificateContext = SslStreamCertificateContext.Create(credentials.Certificate, null, offline: true),
        };
        return Open(address, tls);
    }

    private static GrpcChannel Open(ManagerAddress address, SslClientAuthenticationOptions tls)
    {
        var handler = new SocketsHttpHandler
        {
            SslOptions = tls,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            KeepAlivePingDelay = TimeSpan.FromSeconds(10),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.Always,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            UseProxy = false,
        };
        return GrpcChannel.ForAddress(address.Uri, new GrpcChannelOptions
        {
            HttpHandler = handler,
            DisposeHttpClient = true,
            MaxReceiveMessageSize = WireLimits.MaxMessageBytes,
            MaxSendMessageSize = WireLimits.MaxMessageBytes,
        });
    }

    // The manager sends its authority along; it is trusted only if it is the very one whose hash the token carries.
    private static bool IsFromPinnedAuthority(
        X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors, string fingerprint)
    {
        if (certificate is null || chain is null || errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
            return false;

        var sent = chain.ChainPolicy.ExtraStore.Concat(chain.ChainElements.Select(e => e.Certificate));
        var authority = sent.FirstOrDefault(c =>
            string.Equals(Convert.ToHexStringLower(SHA256.HashData(c.RawData)), fingerprint, StringComparison.Ordinal));
        if (authority is null)
            return false;

        using var check = new X509Chain();
        check.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        check.ChainPolicy.CustomTrustStore.Add(authority);
        check.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        using var leaf = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        return check.Build(leaf);
    }
}
