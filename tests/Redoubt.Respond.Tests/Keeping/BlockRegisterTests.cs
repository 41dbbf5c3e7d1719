using System.Net;
using Redoubt.Model;
using Redoubt.Respond.Keeping;

namespace Redoubt.Tests.Respond.Keeping;

public class BlockRegisterTests
{
    [Fact]
    public void It_does_what_a_dictionary_does()
    {
        var register = new BlockRegister();
        var plain = new Dictionary<BlockTarget, long>();
        var random = new Random(3);
        for (var i = 0; i < 50_000; i++)
        {
            var target = RandomTarget(random);
            switch (random.Next(5))
            {
                case 0:
                    Assert.Equal(plain.Remove(target), register.Remove(target));
                    break;
                case 1 when register.Count > 0:
                    var place = random.Next(register.Count);
                    Assert.True(plain.Remove(register.At(place).Target));
                    register.RemoveAt(place);
                    break;
                default:
                    register.Set(target, i);
                    plain[target] = i;
                    break;
            }

            Assert.Equal(plain.TryGetValue(target, out var ends), register.TryGet(target, out var found));
            Assert.Equal(ends, found);
            Assert.Equal(plain.Count, register.Count);
        }

        Assert.Equal(plain.Keys.Count(t => !t.IsSingle), register.Prefixes);
        var all = Enumerable.Range(0, register.Count).Select(register.At).ToDictionary(e => e.Target, e => e.Ends);
        Assert.Equal(plain, all);
        register.Clear();
        Assert.Equal((0, 0), (register.Count, register.Prefixes));
    }

    // Few enough that they meet again.
    private static BlockTarget RandomTarget(Random random)
    {
        var number = (byte)random.Next(200);
        return random.Next(4) switch
        {
            0 => BlockTarget.Of(new IPAddress([10, 0, (byte)random.Next(4), number])),
            1 => BlockTarget.Of(new IPNetwork(new IPAddress([10, number, 0, 0]), 16 + random.Next(9))),
            2 => BlockTarget.Of(IPAddress.Parse($"2001:db8::{number:x}")),
            _ => BlockTarget.Of(new IPNetwork(IPAddress.Parse($"2001:db8:{number:x}::"), 48 + (16 * random.Next(2)))),
        };
    }
}
