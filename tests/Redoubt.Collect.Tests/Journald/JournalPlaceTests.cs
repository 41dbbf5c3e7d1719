using Redoubt.Collect;
using Redoubt.Collect.Journald;

namespace Redoubt.Tests.Collect.Journald;

public class JournalPlaceTests
{
    [Fact]
    public void A_cursor_holds_the_place()
    {
        var cursor = "s=00c6812ba5204f63ae2a2c1f31ef1f0e;i=4ec;b=1;m=2;t=3;x=4"u8;

        Assert.True(JournalPlace.TryParse(cursor, out var place));
        Assert.Equal(new JournalPlace(new FileIdentity(0x00c6812ba5204f63, 0xae2a2c1f31ef1f0e, 0), 0x4ec), place);
        Assert.Equal("s=00c6812ba5204f63ae2a2c1f31ef1f0e;i=4ec", place.Cursor);
    }

    [Fact]
    public void Every_shorter_cursor_is_refused()
    {
        var cursor = "s=00c6812ba5204f63ae2a2c1f31ef1f0e;i=4"u8;
        for (var length = 0; length < cursor.Length; length++)
            Assert.False(JournalPlace.TryParse(cursor[..length], out _));
    }
}
