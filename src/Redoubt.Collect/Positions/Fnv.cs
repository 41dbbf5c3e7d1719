namespace Redoubt.Collect.Positions;

/// <summary>FNV-1a, 64 bits: recognises accidents, not attacks, in a few hundred bytes at a time.</summary>
internal static class Fnv
{
    internal static ulong Hash(ReadOnlySpan<byte> bytes)
    {
        var hash = 14_695_981_039_346_656_037UL;
        foreach (var value in bytes)
            hash = (hash ^ value) * 1_099_511_628_211UL;
        return hash;
    }
}
