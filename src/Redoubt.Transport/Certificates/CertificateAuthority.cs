using System.Formats.Asn1;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Redoubt.Transport.Certificates;

/// <summary>The manager's own certificate authority: made at first start, kept in one folder, signs everybody.</summary>
/// <remarks>Keys are ECDSA P-256. The private key file has mode 0600. Threads: safe. Cost: about 1 ms a signature.</remarks>
public sealed class CertificateAuthority : IDisposable
{
    /// <summary>The name every manager certificate carries; agents ask for it, so that addresses may change.</summary>
    public const string ManagerName = "manager.redoubt.internal";

    /// <summary>How long an agent's certificate lasts; it renews itself after half of it.</summary>
    public static readonly TimeSpan AgentLifetime = TimeSpan.FromDays(30);

    private static readonly Oid ServerAuthentication = new("1.3.6.1.5.5.7.3.1");
    private const string SerialNumber = "2.5.4.5";
    private static readonly Oid ClientAuthentication = new("1.3.6.1.5.5.7.3.2");

    // A certificate is valid from a little before now: the agent's clock may be behind.
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromHours(1);

    private readonly X509Certificate2 _authority;
    private readonly TimeProvider _time;
    private readonly TimeSpan _agentLifetime;

    private CertificateAuthority(X509Certificate2 authority, TimeProvider time, TimeSpan agentLifetime)
    {
        _agentLifetime = agentLifetime;
        _authority = authority;
        _time = time;
        Certificate = X509CertificateLoader.LoadCertificate(authority.RawData);
        Fingerprint = FingerprintOf(authority);
    }

    /// <summary>The authority's certificate without its key.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>SHA-256 of the certificate, lower-case hexadecimal: what an agent pins before it trusts.</summary>
    public string Fingerprint { get; }

    /// <summary>Loads the authority of a folder, or makes it.</summary>
    /// <param name="folder">Holds it.</param>
    /// <param name="time">Clock.</param>
    /// <param name="agentLifetime">Of the certificates that agents get; null: <see cref="AgentLifetime"/>.</param>
    /// <exception cref="IOException">The folder cannot be read or written.</exception>
    /// <exception cref="CryptographicException">The files are damaged: a new authority would cut off all agents, so none is made.</exception>
    public static CertificateAuthority LoadOrCreate(string folder, TimeProvider time, TimeSpan? agentLifetime = null)
    {
        var path = Path.Combine(folder, "authority.pem");
        if (File.Exists(path))
            return new CertificateAuthority(PrivateFile.ReadCertificate(path), time, agentLifetime ?? AgentLifetime);

        Directory.CreateDirectory(folder);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Redoubt authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        var now = time.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now - ClockTolerance, now.AddYears(20));
        PrivateFile.Write(path, certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n");
        return LoadOrCreate(folder, time, agentLifetime);
    }

    /// <summary>Makes the manager's server certificate; kept in memory, renewed at each start.</summary>
    public X509Certificate2 CreateManagerCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + ManagerName, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(ManagerName);
        request.CertificateExtensions.Add(names.Build());
        using var signed = Sign(request, ServerAuthentication, TimeSpan.FromDays(825));
        return signed.CopyWithPrivateKey(key);
    }

    /// <summary>Signs an agent's request. Only its public key is taken; the subject is ours.</summary>
    /// <param name="signingRequest">PKCS#10 in DER.</param>
    /// <param name="agentId">Becomes the subject's common name.</param>
    /// <param name="generation">Enrolments of this agent so far; becomes the subject's serial number.</param>
    /// <param name="lifetime">Null: as every agent's.</param>
    /// <exception cref="CryptographicException">Not a request, or its own signature is wrong.</exception>
    public X509Certificate2 SignAgent(byte[] signingRequest, string agentId, int generation = 0, TimeSpan? lifetime = null)
    {
        var asked = CertificateRequest.LoadSigningRequest(signingRequest, HashAlgorithmName.SHA256, CertificateRequestLoadOptions.Default);
        using var key = asked.PublicKey.GetECDsaPublicKey() ?? throw new CryptographicException("The request's key is not ECDSA.");
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(agentId);
        subject.Add(SerialNumber, generation.ToString(CultureInfo.InvariantCulture), UniversalTagNumber.PrintableString);
        var request = new CertificateRequest(subject.Build(), asked.PublicKey, HashAlgorithmName.SHA256);
        return Sign(request, ClientAuthentication, lifetime ?? _agentLifetime);
    }

    /// <summary>Whether a client certificate is an agent's of this authority, in its time.</summary>
    public bool IsOurAgent(X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(Certificate);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(ClientAuthentication);
        chain.ChainPolicy.VerificationTime = _time.GetUtcNow().UtcDateTime;
        return chain.Build(certificate);
    }

    /// <summary>The agent id a certificate stands for.</summary>
    public static string AgentIdOf(X509Certificate2 certificate) => certificate.GetNameInfo(X509NameType.SimpleName, false);

    /// <summary>SHA-256 of a certificate, lower-case hexadecimal.</summary>
    public static string FingerprintOf(X509Certificate2 certificate) => Convert.ToHexStringLower(SHA256.HashData(certificate.RawData));

    /// <summary>When a certificate ends, Unix milliseconds.</summary>
    public static long EndOf(X509Certificate2 certificate) => new DateTimeOffset(certificate.NotAfter).ToUnixTimeMilliseconds();

    /// <summary>Which of the agent's enrolments it comes from; 0 for certificates that do not tell.</summary>
    public static int GenerationOf(X509Certificate2 certificate)
    {
        foreach (var part in certificate.SubjectName.EnumerateRelativeDistinguishedNames())
        {
            if (
                !part.HasMultipleElements
                && part.GetSingleElementType().Value == SerialNumber
                && int.TryParse(part.GetSingleElementValue(), NumberStyles.None, CultureInfo.InvariantCulture, out var generation)
            )
                return generation;
        }

        return 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _authority.Dispose();
        Certificate.Dispose();
    }

    private X509Certificate2 Sign(CertificateRequest request, Oid purpose, TimeSpan lifetime)
    {
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([purpose], true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_authority, true, false));
        var now = _time.GetUtcNow();
        // Much less than half of it: a certificate is renewed when half of its time is over.
        var tolerance = ClockTolerance < lifetime / 4 ? ClockTolerance : lifetime / 4;
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] &= 0x7F;
        return request.Create(_authority, now - tolerance, now + lifetime, serial);
    }
}
