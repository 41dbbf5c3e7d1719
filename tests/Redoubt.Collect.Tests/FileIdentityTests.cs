using Redoubt.Collect;

namespace Redoubt.Tests.Collect;

public class FileIdentityTests
{
    [Fact]
    public void Its_text_can_be_read_back()
    {
        var identity = new FileIdentity(ulong.MaxValue, 4711, uint.MaxValue);

        Assert.True(FileIdentity.TryParse(identity.ToString(), out var read));
        Assert.Equal(identity, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1:2")]
    [InlineData("1:2:3:4")]
    [InlineData("1:2:")]
    [InlineData("1:-2:3")]
    [InlineData("1:2:4294967296")]
    [InlineData("18446744073709551616:2:3")]
    [InlineData("1: 2:3")]
    [InlineData("a:b:c")]
    public void Other_text_is_refused(string text) => Assert.False(FileIdentity.TryParse(text, out _));
}
