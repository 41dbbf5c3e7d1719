using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Redoubt.Tests.EndToEnd.BadInput;

/// <summary>Certificates that a manager must not accept.</summary>
internal static class Certificates
{
    /// <summary>Puts another authority in place of the one that an agent trusts.</summary>
    internal static void WriteAuthority(string file)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new CertificateRequest("CN=another", key, HashAlgorithmName.SHA256).CreateSelfSigned(now, now.AddDays(1));
        File.WriteAllText(file, certificate.ExportCertificatePem() + "\n");
    }

    /// <summary>Writes a certificate of a server that nobody else has signed, and its key.</summary>
    internal static void WriteServer(string certificateFile, string keyFile)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new CertificateRequest("CN=loghost", key, HashAlgorithmName.SHA256).CreateSelfSigned(now, now.AddDays(1));
        File.WriteAllText(certificateFile, certificate.ExportCertificatePem() + "\n");
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem() + "\n");
    }

    /// <summary>Puts a certificate that nobody's authority issued in place of an agent's own, with its key.</summary>
    internal static void WriteSelfSigned(string file, bool expired)
    {
        using var own = X509Certificate2.CreateFromPem(File.ReadAllText(file));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(own.SubjectName, key, HashAlgorithmName.SHA256);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-30), expired ? now.AddDays(-1) : now.AddDays(30));

        // Written in place: owner and mode stay.
        File.WriteAllText(file, certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n");
    }
}
