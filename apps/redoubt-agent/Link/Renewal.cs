using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Redoubt.Transport.Certificates;
using Redoubt.Transport.Protocol;

namespace Redoubt.Agent.Link;

/// <summary>A new certificate over the live connection, before the old one ends. The key pair is new too.</summary>
internal static class Renewal
{
    private const string PendingKey = "renewal-key.pem";

    /// <summary>Makes a key pair, keeps it aside, and returns the signing request.</summary>
    internal static byte[] CreateRequest(string folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        PrivateFile.Write(Path.Combine(folder, PendingKey), key.ExportPkcs8PrivateKeyPem() + "\n");
        return AgentCredentials.CreateRequest(key);
    }

    /// <summary>Puts the issued certificate and its key in place of the old ones; used from the next connection on.</summary>
    /// <returns>False when it is the answer to a request before the newest one: its key has gone.</returns>
    internal static bool Complete(string folder, EnrolReply issued)
    {
        var path = Path.Combine(folder, PendingKey);
        if (!File.Exists(path))
            return false;

        using var key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(path));
        using var certificate = X509CertificateLoader.LoadCertificate(issued.Certificate.Span);
        if (!certificate.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(key.ExportSubjectPublicKeyInfo()))
            return false;

        AgentCredentials.Save(folder, issued.Certificate.ToByteArray(), issued.Authority.ToByteArray(), key);
        File.Delete(path);
        return true;
    }
}
