using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Time.Testing;
using Redoubt.Transport.Certificates;

namespace Redoubt.Tests.Transport;

/// <summary>A temporary folder with an authority, and a clock.</summary>
internal sealed class TrustBox : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rdt-trust-");

    internal TrustBox() => Authority = CertificateAuthority.LoadOrCreate(Folder, Time);

    internal FakeTimeProvider Time { get; } = new(DateTimeOffset.Parse("2026-01-01T00:00:00Z", null));

    internal string Folder => Path.Combine(_folder.FullName, "authority");

    internal string KeyFile => Path.Combine(Folder, "authority.pem");

    internal string AgentFolder => Path.Combine(_folder.FullName, "agent");

    internal CertificateAuthority Authority { get; }

    internal ECDsa Key { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    internal X509Certificate2 Sign(string id = "007", TimeSpan? lifetime = null) =>
        Authority.SignAgent(AgentCredentials.CreateRequest(Key), id, lifetime: lifetime);

    public void Dispose()
    {
        Authority.Dispose();
        Key.Dispose();
        _folder.Delete(recursive: true);
    }
}
