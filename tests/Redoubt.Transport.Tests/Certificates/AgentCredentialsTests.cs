using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Redoubt.Transport.Certificates;

namespace Redoubt.Tests.Transport;

public class AgentCredentialsTests
{
    [Fact]
    public void What_was_saved_is_loaded_with_its_key()
    {
        using var box = new TrustBox();
        Save(box);

        using var credentials = AgentCredentials.Load(box.AgentFolder)!;

        Assert.Equal("007", credentials.AgentId);
        Assert.True(credentials.Certificate.HasPrivateKey);
        Assert.Equal(box.Authority.Certificate.RawData, credentials.Authority.RawData);
        Assert.All(
            Directory.GetFiles(box.AgentFolder),
            f => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(f))
        );
        Assert.Equal(2, Directory.GetFiles(box.AgentFolder).Length);
    }

    [Theory]
    [InlineData("agent.pem")]
    [InlineData("manager-authority.pem")]
    public void Half_of_them_is_as_if_the_host_never_enrolled(string missing)
    {
        using var box = new TrustBox();
        Assert.Null(AgentCredentials.Load(box.AgentFolder));
        Save(box);

        File.Delete(Path.Combine(box.AgentFolder, missing));

        Assert.Null(AgentCredentials.Load(box.AgentFolder));
    }

    [Theory]
    [InlineData("agent.pem")]
    [InlineData("manager-authority.pem")]
    public void Damaged_files_are_told(string file)
    {
        using var box = new TrustBox();
        Save(box);

        File.WriteAllText(Path.Combine(box.AgentFolder, file), "damaged");

        Assert.ThrowsAny<CryptographicException>(() => AgentCredentials.Load(box.AgentFolder));
    }

    [Fact]
    public void A_renewal_replaces_the_certificate_and_keeps_the_mode()
    {
        using var box = new TrustBox();
        Save(box);
        box.Time.Advance(TimeSpan.FromDays(20));

        Save(box);

        using var credentials = AgentCredentials.Load(box.AgentFolder)!;
        Assert.False(credentials.IsDueForRenewal(box.Time.GetUtcNow()));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(box.AgentFolder, "agent.pem")));
    }

    [Fact]
    public void It_is_due_after_half_of_its_life_and_expired_after_the_whole()
    {
        using var box = new TrustBox();
        var start = box.Time.GetUtcNow();
        Save(box);
        using var credentials = AgentCredentials.Load(box.AgentFolder)!;

        Assert.False(credentials.IsDueForRenewal(start.AddDays(14)));
        Assert.True(credentials.IsDueForRenewal(start.AddDays(15).AddHours(1)));
        Assert.False(credentials.IsExpired(start.AddDays(30).AddSeconds(-2)));
        Assert.True(credentials.IsExpired(start.AddDays(30).AddSeconds(2)));
    }

    [Fact]
    public void A_private_file_replaces_a_readable_one_and_a_left_over_of_a_crash()
    {
        using var box = new TrustBox();
        var path = Path.Combine(box.Folder, "x.pem");
        File.WriteAllText(path, "old");
        File.WriteAllText(path + ".new", "left over");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        File.SetUnixFileMode(path + ".new", UnixFileMode.UserRead | UnixFileMode.OtherRead);

        PrivateFile.Write(path, "new");

        Assert.Equal("new", File.ReadAllText(path));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.False(File.Exists(path + ".new"));
    }

    private static void Save(TrustBox box)
    {
        using var certificate = box.Sign();
        AgentCredentials.Save(box.AgentFolder, certificate.RawData, box.Authority.Certificate.RawData, box.Key);
    }
}
