using System.Security.Cryptography;
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
    internal static void Complete(string folder, EnrolReply issued)
    {
        var path = Path.Combine(folder, PendingKey);
        using var key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(path));
        AgentCredentials.Save(folder, issued.Certificate.ToByteArray(), issued.Authority.ToByteArray(), key);
        File.Delete(path);
    }
}
