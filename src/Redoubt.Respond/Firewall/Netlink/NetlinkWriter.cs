using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Redoubt.Respond.Firewall.Netlink;

/// <summary>Puts netlink messages together in one buffer that is used again and again.</summary>
internal sealed class NetlinkWriter
{
    private const ushort NestedFlag = 0x8000;

    private byte[] buffer = new byte[1024];
    private int length;
    private int messageStart;

    /// <summary>All messages written since <see cref="Clear"/>.</summary>
    internal ReadOnlySpan<byte> Written => buffer.AsSpan(0, length);

    /// <summary>Starts over.</summary>
    internal void Clear() => length = 0;

    /// <summary>Begins a message.</summary>
    internal void BeginMessage(ushort type, ushort flags, uint sequence)
    {
        messageStart = length;
        var header = Take(NetlinkMessage.HeaderBytes);
        MemoryMarshal.Write(header[4..], type);
        MemoryMarshal.Write(header[6..], flags);
        MemoryMarshal.Write(header[8..], sequence);
    }

    /// <summary>Ends the message: its length is known now.</summary>
    internal void EndMessage() => MemoryMarshal.Write(buffer.AsSpan(messageStart), (uint)(length - messageStart));

    /// <summary>Adds plain bytes, as the fixed part after a header.</summary>
    internal void Bytes(ReadOnlySpan<byte> value) => value.CopyTo(Take(value.Length));

    /// <summary>Adds <c>struct nfgenmsg</c>, the fixed part of every netfilter message.</summary>
    internal void NetfilterHeader(byte family, ushort resource = 0)
    {
        var header = Take(4);
        header[0] = family;
        BinaryPrimitives.WriteUInt16BigEndian(header[2..], resource);
    }

    /// <summary>Opens an attribute that holds attributes.</summary>
    /// <returns>What <see cref="EndNest"/> wants back.</returns>
    internal int BeginNest(ushort type)
    {
        var start = length;
        MemoryMarshal.Write(Take(4)[2..], (ushort)(type | NestedFlag));
        return start;
    }

    /// <summary>Closes it.</summary>
    /// <exception cref="InvalidOperationException">It has grown over what a 16-bit length can say: a bug in the caller.</exception>
    internal void EndNest(int start)
    {
        var bytes = length - start;
        if (bytes > ushort.MaxValue)
            throw new InvalidOperationException($"a netlink attribute of {bytes} bytes");

        MemoryMarshal.Write(buffer.AsSpan(start), (ushort)bytes);
    }

    internal void Attribute(ushort type, ReadOnlySpan<byte> value)
    {
        var attribute = Take((4 + value.Length + 3) & ~3);
        MemoryMarshal.Write(attribute, (ushort)(4 + value.Length));
        MemoryMarshal.Write(attribute[2..], type);
        value.CopyTo(attribute[4..]);
    }

    /// <summary>Adds text with its NUL.</summary>
    internal void TextAttribute(ushort type, string value)
    {
        Span<byte> bytes = stackalloc byte[128];
        bytes.Clear();
        var written = Encoding.UTF8.GetBytes(value, bytes[..^1]);
        Attribute(type, bytes[..(written + 1)]);
    }

    /// <summary>Adds a number in the machine's byte order, as routes have them.</summary>
    internal void UInt32Attribute(ushort type, uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        MemoryMarshal.Write(bytes, value);
        Attribute(type, bytes);
    }

    internal void UInt32BigAttribute(ushort type, uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        Attribute(type, bytes);
    }

    internal void UInt64BigAttribute(ushort type, ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        Attribute(type, bytes);
    }

    private Span<byte> Take(int bytes)
    {
        if (length + bytes > buffer.Length)
            Array.Resize(ref buffer, Math.Max(buffer.Length * 2, length + bytes));

        var taken = buffer.AsSpan(length, bytes);
        taken.Clear();
        length += bytes;
        return taken;
    }
}
