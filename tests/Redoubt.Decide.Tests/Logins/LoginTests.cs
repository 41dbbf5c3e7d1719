using System.Text;
using Redoubt.Decide;
using Redoubt.Model;

namespace Redoubt.Tests.Decide;

public class LoginTests
{
    [Theory]
    [InlineData("Mar  2 10:00:00 web1 sshd[7]: Accepted publickey for alice from 192.0.2.7 port 50022 ssh2: ED25519 SHA256:x", true)]
    [InlineData("Accepted publickey for alice from 192.0.2.7 port 50022 ssh2: ED25519 SHA256:x", true)]
    [InlineData("Mar  2 10:00:00 web1 dropbear[7]: Pubkey auth succeeded for 'alice' with key sha1!! x from 192.0.2.7:50022", true)]
    [InlineData("Mar  2 10:00:00 web1 sshd[7]: Accepted password for alice from 192.0.2.7 port 50022 ssh2", false)]
    [InlineData("Mar  2 10:00:00 web1 sshd[7]: Accepted password for a: Accepted publickey for b from 192.0.2.7 port 50022 ssh2", false)]
    public void Keys_are_told_by_the_daemons_own_words(string line, bool isByKey) =>
        Assert.Equal(new Login("192.0.2.7", isByKey, "alice"), Login.Of(Alert(line, "192.0.2.7")));

    [Theory]
    [InlineData("not-an-address")]
    [InlineData("192.0.2.0/24")]
    public void Without_an_address_there_is_no_source(string source) => Assert.Null(Login.Of(Alert("x", source)));

    [Fact]
    public void What_a_client_typed_protects_nobody()
    {
        Assert.Null(Login.Of(Alert("x", "192.0.2.7", isClientText: true)));
        Assert.Null(Login.Of(Alert("x", "192.0.2.7") with { Suspicion = "two sources" }));
    }

    private static Alert Alert(string line, string source, bool isClientText = false) =>
        new()
        {
            Id = "1.1",
            ArrivalUnixMilliseconds = 0,
            Rule = null,
            Agent = new AgentIdentity("001", "web1", null),
            Location = "/var/log/auth.log",
            FullLog = Encoding.UTF8.GetBytes(line),
            ProgramName = line.Contains("]: ", StringComparison.Ordinal) ? "sshd" : null,
            Fields =
            [
                new AlertField("srcip", Encoding.UTF8.GetBytes(source), false, false, isClientText),
                new AlertField("dstuser", "alice"u8.ToArray(), false, false, true),
            ],
        };
}
