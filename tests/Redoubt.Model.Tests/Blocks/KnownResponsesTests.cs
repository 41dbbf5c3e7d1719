using Redoubt.Model;

namespace Redoubt.Tests.Model.Blocks;

public class KnownResponsesTests
{
    [Theory]
    [InlineData("firewall-drop", "firewall-drop")]
    [InlineData("firewall-drop.sh", "firewall-drop")]
    [InlineData("default-firewall-drop.sh", "firewall-drop")]
    [InlineData("netsh.exe", "firewall-drop")]
    [InlineData("route-null.sh", "route-null")]
    [InlineData("null", "null")]
    public void What_drops_a_target_needs_an_address_and_has_a_back_end(string executable, string backEnd)
    {
        Assert.Equal(backEnd, KnownResponses.BackEndOf(executable));
        Assert.True(KnownResponses.IsFirewall(executable));
        Assert.True(KnownResponses.ActsOnAddress(executable));
        Assert.False(KnownResponses.ActsOnSomethingElse(executable));
    }

    [Theory]
    [InlineData("ip-customblock", true, false)]
    [InlineData("disable-account.sh", false, true)]
    [InlineData("kaspersky.py", false, true)]
    [InlineData("kill-session", false, false)]
    [InlineData("my-own.sh", false, false)]
    [InlineData("FIREWALL-DROP", false, false)]
    public void Programs_have_none(string executable, bool onAddress, bool onSomethingElse)
    {
        Assert.False(KnownResponses.IsFirewall(executable));
        Assert.Equal(onAddress, KnownResponses.ActsOnAddress(executable));
        Assert.Equal(onSomethingElse, KnownResponses.ActsOnSomethingElse(executable));
    }

    [Fact]
    public void Every_name_that_is_answered_to_is_one_of_ours_and_stands_once()
    {
        Assert.Equal(KnownResponses.Programs.Distinct(), KnownResponses.Programs);
        Assert.All(
            KnownResponses.Programs,
            name =>
                Assert.True(
                    KnownResponses.ActsOnAddress(name) || KnownResponses.ActsOnSomethingElse(name) || name == "kill-session",
                    $"Expected {name} to be known."
                )
        );
    }
}
