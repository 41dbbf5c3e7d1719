using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Redoubt.Respond.Firewall.Netlink;

/// <summary>One attribute of a netlink message: length and type as 16-bit numbers of the machine, then the value, padded to 4 bytes.</summary>
internal readonly ref struct NetlinkAttribute
{
    // The two upper bits of the type only say "nested" and "network byte order".
    private const int TypeMask = 0x3FFF;

    private NetlinkAttribute(ushort type, ReadOnlySpan<byte> value)
    {
        Type = type;
        Value = value;
    }

    internal ushort Type { get; }

    internal ReadOnlySpan<byte> Value { get; }

    /// <summary>The value as a number in network byte order; 0 when it is too short.</summary>
    internal uint UInt32Big => Value.Length >= 4 ? BinaryPrimitives.ReadUInt32BigEndian(Value) : 0;

    /// <summary>The value as a number in network byte order; 0 when it is too short.</summary>
    internal ulong UInt64Big => Value.Length >= 8 ? BinaryPrimitives.ReadUInt64BigEndian(Value) : 0;

    /// <summary>The value as text up to its NUL.</summary>
    internal string Text
    {
        get
        {
            var end = Value.IndexOf((byte)0);
            return Encoding.UTF8.GetString(end < 0 ? Value : Value[..end]);
        }
    }

    /// <summary>Takes the next attribute off the front.</summary>
    /// <returns>False at the end, and for bytes that are no attribute.</returns>
    internal static bool TryTake(scoped ref ReadOnlySpan<byte> rest, out NetlinkAttribute attribute)
    {
        attribute = default;
        if (rest.Length < 4)
            return false;

        var length = MemoryMarshal.Read<ushort>(rest);
        if (length < 4 || length > rest.Length)
            return false;

        attribute = new NetlinkAttribute((ushort)(MemoryMarshal.Read<ushort>(rest[2..]) & TypeMask), rest[4..length]);
        rest = rest[Math.Min((length + 3) & ~3, rest.Length)..];
        return true;
    }

    /// <summary>Finds the first attribute of one type.</summary>
    internal static bool TryFind(ReadOnlySpan<byte> attributes, ushort type, out NetlinkAttribute attribute)
    {
        var rest = attributes;
        while (TryTake(ref rest, out var next))
        {
            if (next.Type != type)
                continue;

            attribute = next;
            return true;
        }

        attribute = default;
        return false;
    }
}
