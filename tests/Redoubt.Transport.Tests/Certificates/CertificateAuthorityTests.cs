using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Redoubt.Transport.Certificates;

namespace Redoubt.Tests.Transport;

public class CertificateAuthorityTests
{
    [Fact]
    public void The_key_is_for_its_user_alone_and_stays_the_same()
    {
        using var box = new TrustBox();

        using var again = CertificateAuthority.LoadOrCreate(box.Folder, box.Time);

        Assert.Equal(box.Authority.Fingerprint, again.Fingerprint);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(again.Certificate.RawData)), again.Fingerprint);
        Assert.False(again.Certificate.HasPrivateKey);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(box.KeyFile));
        Assert.Equal([box.KeyFile], Directory.GetFiles(box.Folder));
    }

    [Theory]
    [InlineData("")]
    [InlineData("not a certificate")]
    [InlineData("half")]
    [InlineData("no key")]
    [InlineData("key of another")]
    public void Damaged_files_are_refused_and_never_replaced(string damage)
    {
        using var box = new TrustBox();
        using var other = new TrustBox();
        var good = File.ReadAllText(box.KeyFile);
        var key = good.IndexOf("-----BEGIN PRIVATE KEY", StringComparison.Ordinal);
        var foreign = File.ReadAllText(other.KeyFile);
        var text = damage switch
        {
            "half" => good[..(good.Length / 2)],
            "no key" => good[..key],
            "key of another" => good[..key] + foreign[foreign.IndexOf("-----BEGIN PRIVATE KEY", StringComparison.Ordinal)..],
            _ => damage,
        };
        File.WriteAllText(box.KeyFile, text);

        var problem = Assert.ThrowsAny<CryptographicException>(() => CertificateAuthority.LoadOrCreate(box.Folder, box.Time)).Message;
        Assert.Contains($"{box.KeyFile} is damaged", problem);
        Assert.Equal(text, File.ReadAllText(box.KeyFile));
    }

    [Theory]
    [InlineData(60)]
    [InlineData(7200)]
    [InlineData(30 * 86_400)]
    public void A_certificate_is_due_for_renewal_after_a_third_to_half_of_its_time(int seconds)
    {
        using var box = new TrustBox();
        var lifetime = TimeSpan.FromSeconds(seconds);
        var folder = Path.Combine(box.Folder, "agent");
        using (var issued = box.Authority.SignAgent(AgentCredentials.CreateRequest(box.Key), "007", lifetime: lifetime))
            AgentCredentials.Save(folder, issued.RawData, box.Authority.Certificate.RawData, box.Key);

        using var credentials = AgentCredentials.Load(folder)!;

        var now = box.Time.GetUtcNow();
        Assert.False(credentials.IsDueForRenewal(now + (lifetime / 3)));
        Assert.True(credentials.IsDueForRenewal(now + (lifetime / 2) + TimeSpan.FromSeconds(1)));
        Assert.False(credentials.IsExpired(now + lifetime - TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void An_agent_gets_a_certificate_with_its_id_and_nothing_of_what_it_wished()
    {
        using var box = new TrustBox();
        var wish = new CertificateRequest("CN=000,O=admin", box.Key, HashAlgorithmName.SHA256);
        wish.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        wish.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], true));

        using var certificate = box.Authority.SignAgent(wish.CreateSigningRequest(), "007", generation: 3);

        Assert.Equal("CN=007, SERIALNUMBER=3", certificate.Subject);
        Assert.Equal(3, CertificateAuthority.GenerationOf(certificate));
        Assert.Equal("007", CertificateAuthority.AgentIdOf(certificate));
        Assert.False(certificate.Extensions.OfType<X509BasicConstraintsExtension>().Single().CertificateAuthority);
        Assert.Equal(
            ["1.3.6.1.5.5.7.3.2"],
            certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().Single().EnhancedKeyUsages.Cast<Oid>().Select(o => o.Value)
        );
        Assert.True(box.Authority.IsOurAgent(certificate));
    }

    [Fact]
    public void A_request_that_is_damaged_or_of_another_kind_of_key_is_refused()
    {
        using var box = new TrustBox();
        var request = AgentCredentials.CreateRequest(box.Key);
        var forged = (byte[])request.Clone();
        forged[^1] ^= 1;
        using var rsa = RSA.Create(2048);
        var other = new CertificateRequest("CN=a", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSigningRequest();

        foreach (var wrong in new[] { [], [1, 2, 3], request[..^5], forged, other })
            Assert.ThrowsAny<CryptographicException>(() => box.Authority.SignAgent(wrong, "007"));
    }

    [Fact]
    public void A_certificate_of_another_authority_is_not_ours()
    {
        using var box = new TrustBox();
        using var other = new TrustBox();
        using var certificate = other.Sign();

        Assert.True(other.Authority.IsOurAgent(certificate));
        Assert.False(box.Authority.IsOurAgent(certificate));
    }

    [Fact]
    public void A_certificate_that_an_agent_signed_is_not_ours()
    {
        using var box = new TrustBox();
        using var agent = box.Sign().CopyWithPrivateKey(box.Key);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=001", key, HashAlgorithmName.SHA256);
        var now = box.Time.GetUtcNow();
        using var signed = request.Create(
            agent.SubjectName,
            X509SignatureGenerator.CreateForECDsa(box.Key),
            now.AddMinutes(-1),
            now.AddDays(1),
            [1]
        );
        using var self = request.CreateSelfSigned(now.AddMinutes(-1), now.AddDays(1));

        Assert.False(box.Authority.IsOurAgent(signed));
        Assert.False(box.Authority.IsOurAgent(self));
    }

    [Fact]
    public void A_certificate_is_good_from_a_little_before_until_its_end()
    {
        using var box = new TrustBox();
        var start = box.Time.GetUtcNow();
        using var certificate = box.Sign(lifetime: TimeSpan.FromDays(30));

        foreach (
            var (at, good) in new[]
            {
                (TimeSpan.Zero, true),
                (TimeSpan.FromDays(30) - TimeSpan.FromSeconds(2), true),
                (TimeSpan.FromDays(30) + TimeSpan.FromSeconds(2), false),
            }
        )
        {
            box.Time.SetUtcNow(start + at);
            Assert.Equal(good, box.Authority.IsOurAgent(certificate));
        }

        Assert.True(certificate.NotBefore.ToUniversalTime() < start.UtcDateTime);
    }

    [Fact]
    public void A_managers_certificate_cannot_act_as_an_agent()
    {
        using var box = new TrustBox();
        using var manager = box.Authority.CreateManagerCertificate();

        Assert.False(box.Authority.IsOurAgent(manager));
        Assert.True(manager.HasPrivateKey);
        Assert.True(manager.MatchesHostname(CertificateAuthority.ManagerName));
        Assert.True(IsServer(box, manager));
    }

    [Fact]
    public void An_agents_certificate_cannot_act_as_a_manager()
    {
        using var box = new TrustBox();
        using var agent = box.Sign();

        Assert.False(IsServer(box, agent));
        Assert.False(agent.MatchesHostname(CertificateAuthority.ManagerName));
    }

    [Fact]
    public void Serial_numbers_are_positive_and_differ()
    {
        using var box = new TrustBox();
        var serials = Enumerable
            .Range(0, 50)
            .Select(_ =>
            {
                using var certificate = box.Sign();
                Assert.True(certificate.SerialNumberBytes.Span[0] < 0x80);
                return certificate.SerialNumber;
            });

        Assert.Equal(50, serials.Distinct().Count());
    }

    // The check that an agent's TLS makes.
    private static bool IsServer(TrustBox box, X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(box.Authority.Certificate);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.1"));
        chain.ChainPolicy.VerificationTime = box.Time.GetUtcNow().UtcDateTime;
        return chain.Build(certificate);
    }
}
