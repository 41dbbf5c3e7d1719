using System.Security.Cryptography;
using System.Text;
using Redoubt.Transport.Certificates;

namespace Redoubt.Tests.Transport;

public class EnrolmentTokenTests
{
    private static readonly string Fingerprint = new('a', 64);
    private static readonly string Secret = new('0', 32);

    [Fact]
    public void A_new_token_is_read_back_from_its_text()
    {
        var token = EnrolmentToken.Create(Fingerprint);

        Assert.Equal(token, EnrolmentToken.Parse(token.ToString()));
        Assert.Equal(token, EnrolmentToken.Parse($" \t{token}\r\n"));
        Assert.Matches("^rdt1\\.a{64}\\.[0-9a-f]{32}$", token.ToString());
        Assert.NotEqual(token.Secret, EnrolmentToken.Create(Fingerprint).Secret);
    }

    [Fact]
    public void The_manager_keeps_the_hash_of_the_secret() =>
        Assert.Equal(
            Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(Secret))),
            new EnrolmentToken(Fingerprint, Secret).SecretHash
        );

    public static TheoryData<string> Malformed() =>
        [
            "",
            " ",
            ".",
            "..",
            "rdt1",
            "rdt1..",
            $"rdt1.{Fingerprint}",
            $"rdt1.{Fingerprint}.",
            $"rdt1..{Secret}",
            $"{Fingerprint}.{Secret}",
            $"rdt2.{Fingerprint}.{Secret}",
            $"RDT1.{Fingerprint}.{Secret}",
            $".{Fingerprint}.{Secret}",
            $"rdt1.{Fingerprint}.{Secret}.",
            $"rdt1.{Fingerprint}.{Secret}.x",
            $"rdt1.{Fingerprint[1..]}.{Secret}",
            $"rdt1.{Fingerprint}a.{Secret}",
            $"rdt1.{Fingerprint}.{Secret[1..]}",
            $"rdt1.{Fingerprint}.{Secret}0",
            $"rdt1.{Fingerprint.ToUpperInvariant()}.{Secret}",
            $"rdt1.{Fingerprint}.{new string('F', 32)}",
            $"rdt1.{new string('g', 64)}.{Secret}",
            $"rdt1.{Fingerprint}.{new string('٣', 32)}",
            $"rdt1.{Fingerprint}. {Secret[1..]}",
            $"rdt1.{Fingerprint}\n.{Secret}",
            $"rdt1-{Fingerprint}-{Secret}",
            $"\"rdt1.{Fingerprint}.{Secret}\"",
            $"{{\"token\":\"rdt1.{Fingerprint}.{Secret}\"}}",
            $"rdt1.{Fingerprint}.{Secret}\nrdt1.{Fingerprint}.{Secret}",
        ];

    [Theory, MemberData(nameof(Malformed))]
    public void Anything_else_is_no_token(string text) => Assert.Null(EnrolmentToken.Parse(text));

    [Fact]
    public void No_beginning_of_a_token_is_one()
    {
        var text = $"rdt1.{Fingerprint}.{Secret}";

        Assert.All(Enumerable.Range(0, text.Length), length => Assert.Null(EnrolmentToken.Parse(text[..length])));
    }
}
