using System.Security.Cryptography.X509Certificates;

namespace Redoubt.Collect;

/// <summary>How connections with TLS are taken.</summary>
/// <param name="Certificate">Ours, with its key.</param>
/// <param name="Chain">Certificates between it and its authority, sent along.</param>
/// <param name="ClientAuthorities">A sender must show a certificate of one of these; empty: none is asked for.</param>
public sealed record SyslogTlsOptions(
    X509Certificate2 Certificate,
    X509Certificate2Collection Chain,
    X509Certificate2Collection ClientAuthorities
)
{
    /// <summary>Reads the files.</summary>
    /// <param name="certificateFile">PEM: ours first.</param>
    /// <param name="keyFile">PEM.</param>
    /// <param name="clientAuthorityFile">PEM; null: senders need no certificate.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Nor may it.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">It holds something else, or the key is another certificate's.</exception>
    public static SyslogTlsOptions Load(string certificateFile, string keyFile, string? clientAuthorityFile)
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(certificateFile);
        var authorities = new X509Certificate2Collection();
        if (clientAuthorityFile is not null)
        {
            authorities.ImportFromPemFile(clientAuthorityFile);
            if (authorities.Count == 0)
                throw new System.Security.Cryptography.CryptographicException($"{clientAuthorityFile} holds no certificate");
        }

        return new SyslogTlsOptions(X509Certificate2.CreateFromPemFile(certificateFile, keyFile), [.. chain.Skip(1)], authorities);
    }
}
