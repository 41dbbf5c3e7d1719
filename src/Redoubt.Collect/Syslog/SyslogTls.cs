using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Redoubt.Collect.Syslog;

/// <summary>The server's side of TLS for syslog senders. Source: RFC 5425, RFC 9662 (TLS 1.2 and later).</summary>
internal sealed class SyslogTls(SyslogTlsOptions options)
{
    private readonly SslStreamCertificateContext _certificate = SslStreamCertificateContext.Create(
        options.Certificate,
        options.Chain,
        offline: true
    );

    /// <summary>Agrees with the sender on keys, and looks at its certificate where one is asked for.</summary>
    /// <exception cref="AuthenticationException">It speaks no TLS, or shows no certificate that is accepted.</exception>
    /// <exception cref="IOException">The connection has ended.</exception>
    internal async Task<Stream> AcceptAsync(Stream connection, CancellationToken cancellation)
    {
        var stream = new SslStream(connection);
        try
        {
            await stream
                .AuthenticateAsServerAsync(
                    new SslServerAuthenticationOptions
                    {
                        ServerCertificateContext = _certificate,
                        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                        ClientCertificateRequired = options.ClientAuthorities.Count > 0,
                        RemoteCertificateValidationCallback = (_, certificate, _, _) => IsAccepted(certificate),
                        AllowRenegotiation = false,
                    },
                    cancellation
                )
                .ConfigureAwait(false);
            return stream;
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private bool IsAccepted(X509Certificate? certificate)
    {
        if (options.ClientAuthorities.Count == 0)
            return true;

        if (certificate is null)
            return false;

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(options.ClientAuthorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        using var sender = new X509Certificate2(certificate);
        return chain.Build(sender);
    }
}
