using System.Globalization;
using System.Runtime.InteropServices;

namespace Redoubt.Collect;

/// <summary>Which file a line stands in, so that a line sent twice is recognised: with the offset it is the identity of the line.</summary>
/// <remarks>
/// Device and inode alone are not enough: the kernel gives the number of a deleted file to the next one, and a truncated file keeps
/// its own. The generation differs whenever the content is another; it never repeats within a <see cref="PositionStore"/>.
/// A journal has no file; there, device and inode hold the two halves of its 128-bit sequence number id, the generation is 0 and the
/// offset is the sequence number.
/// </remarks>
/// <param name="Device">Device number as <c>stat</c> gives it.</param>
/// <param name="Inode">Inode number.</param>
/// <param name="Generation">Tells apart different contents under one inode.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct FileIdentity(ulong Device, ulong Inode, uint Generation)
{
    /// <summary>Reads <c>device:inode:generation</c>, decimal.</summary>
    /// <returns>Whether the text had that form and every number fitted; never throws.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out FileIdentity identity)
    {
        identity = default;
        Span<Range> parts = stackalloc Range[4];
        if (
            text.Split(parts, ':') != 3
            || !ulong.TryParse(text[parts[0]], NumberStyles.None, CultureInfo.InvariantCulture, out var device)
            || !ulong.TryParse(text[parts[1]], NumberStyles.None, CultureInfo.InvariantCulture, out var inode)
            || !uint.TryParse(text[parts[2]], NumberStyles.None, CultureInfo.InvariantCulture, out var generation)
        )
            return false;

        identity = new FileIdentity(device, inode, generation);
        return true;
    }

    /// <summary><c>device:inode:generation</c>, decimal.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Device}:{Inode}:{Generation}");
}
