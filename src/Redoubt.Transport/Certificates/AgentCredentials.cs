using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Redoubt.Transport.Certificates;

/// <summary>An agent's certificate, its key and the authority it trusts, as kept in the agent's home.</summary>
/// <remarks>Files <c>agent.pem</c> (certificate and key) and <c>manager-authority.pem</c> in one folder, mode 0600.</remarks>
public sealed class AgentCredentials : IDisposable
{
    private const string CertificateFile = "agent.pem";
    private const string AuthorityFile = "manager-authority.pem";

    private AgentCredentials(X509Certificate2 certificate, X509Certificate2 authority)
    {
        Certificate = certificate;
        Authority = authority;
    }

    /// <summary>Client certificate with its key.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>The manager's authority.</summary>
    public X509Certificate2 Authority { get; }

    /// <summary>The id this host has in the fleet.</summary>
    public string AgentId => CertificateAuthority.AgentIdOf(Certificate);

    /// <summary>Names the manager, whatever its address is: another one has another ledger.</summary>
    public string AuthorityFingerprint => CertificateAuthority.FingerprintOf(Authority);

    /// <summary>How long the certificate is good in all.</summary>
    public TimeSpan Lifetime => Certificate.NotAfter - Certificate.NotBefore;

    /// <summary>Whether half of the lifetime is over.</summary>
    public bool IsDueForRenewal(DateTimeOffset now) => now.LocalDateTime > Certificate.NotBefore + (Lifetime / 2);

    /// <summary>Whether the certificate can no longer be used.</summary>
    public bool IsExpired(DateTimeOffset now) => now.LocalDateTime > Certificate.NotAfter;

    /// <summary>Loads them, or null when the host never enrolled.</summary>
    /// <exception cref="CryptographicException">The files are damaged.</exception>
    public static AgentCredentials? Load(string folder)
    {
        var path = Path.Combine(folder, CertificateFile);
        var authority = Path.Combine(folder, AuthorityFile);
        if (!File.Exists(path) || !File.Exists(authority))
            return null;

        var certificate = PrivateFile.ReadCertificate(path);
        try
        {
            return new AgentCredentials(certificate, X509Certificate2.CreateFromPem(File.ReadAllText(authority)));
        }
        catch
        {
            certificate.Dispose();
            throw;
        }
    }

    /// <summary>Renames a damaged certificate (to <c>agent.pem.damaged</c>), if the folder trusts this authority or its trust is damaged, too.</summary>
    /// <returns>False when it trusts another one: nothing was changed.</returns>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static bool PutAside(string folder, X509Certificate2 authority)
    {
        try
        {
            using var trusted = X509Certificate2.CreateFromPem(File.ReadAllText(Path.Combine(folder, AuthorityFile)));
            if (!trusted.RawDataMemory.Span.SequenceEqual(authority.RawDataMemory.Span))
                return false;
        }
        catch (CryptographicException)
        {
            // It trusts nobody any more.
        }

        var path = Path.Combine(folder, CertificateFile);
        File.Move(path, path + ".damaged", overwrite: true);
        return true;
    }

    /// <summary>Stores a certificate that was just issued for a key of this host.</summary>
    public static void Save(string folder, byte[] certificate, byte[] authority, ECDsa key)
    {
        Directory.CreateDirectory(folder);
        using var issued = X509CertificateLoader.LoadCertificate(certificate);
        using var trusted = X509CertificateLoader.LoadCertificate(authority);
        PrivateFile.Write(Path.Combine(folder, AuthorityFile), trusted.ExportCertificatePem() + "\n");
        PrivateFile.Write(
            Path.Combine(folder, CertificateFile),
            issued.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n"
        );
    }

    /// <summary>A signing request for a key of this host, DER.</summary>
    public static byte[] CreateRequest(ECDsa key) =>
        new CertificateRequest("CN=agent", key, HashAlgorithmName.SHA256).CreateSigningRequest();

    /// <inheritdoc/>
    public void Dispose()
    {
        Certificate.Dispose();
        Authority.Dispose();
    }
}
