using System.Runtime.InteropServices;

namespace Redoubt.Respond.Firewall.Netlink;

/// <summary>One message from the kernel: a header of 16 bytes (length, type, flags, sequence, port), then the payload, padded to 4 bytes.</summary>
internal readonly ref struct NetlinkMessage
{
    internal const int HeaderBytes = 16;

    internal const ushort TypeNoop = 1;
    internal const ushort TypeError = 2;
    internal const ushort TypeDone = 3;

    internal const ushort FlagRequest = 0x001;
    internal const ushort FlagAck = 0x004;
    internal const ushort FlagDump = 0x300;
    internal const ushort FlagExclusive = 0x200;
    internal const ushort FlagCreate = 0x400;

    /// <summary>On a message of a dump: what was listed changed meanwhile, entries may be missing or doubled.</summary>
    internal const ushort FlagDumpInterrupted = 0x010;

    private const ushort FlagCapped = 0x100;
    private const ushort FlagAckAttributes = 0x200;
    private const ushort ErrorMessageText = 1;

    private NetlinkMessage(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload)
    {
        Type = MemoryMarshal.Read<ushort>(header[4..]);
        Flags = MemoryMarshal.Read<ushort>(header[6..]);
        Sequence = MemoryMarshal.Read<uint>(header[8..]);
        Port = MemoryMarshal.Read<uint>(header[12..]);
        Payload = payload;
    }

    internal ushort Type { get; }

    internal ushort Flags { get; }

    internal uint Sequence { get; }

    /// <summary>In a notification: the socket whose request caused it.</summary>
    internal uint Port { get; }

    internal ReadOnlySpan<byte> Payload { get; }

    /// <summary>Takes the next message off the front of what was received.</summary>
    internal static bool TryTake(scoped ref ReadOnlySpan<byte> rest, out NetlinkMessage message)
    {
        message = default;
        if (rest.Length < HeaderBytes)
            return false;

        var length = MemoryMarshal.Read<uint>(rest);
        if (length < HeaderBytes || length > rest.Length)
            return false;

        message = new NetlinkMessage(rest, rest[HeaderBytes..(int)length]);
        rest = rest[Math.Min((int)((length + 3) & ~3u), rest.Length)..];
        return true;
    }

    /// <summary>The answer in a message of type error or done; both begin with a negative error number or 0.</summary>
    internal KernelAnswer ReadAnswer()
    {
        if (Payload.Length < 4)
            return default;

        var errno = -MemoryMarshal.Read<int>(Payload);
        return new KernelAnswer(errno, errno == 0 ? null : ReadText());
    }

    private string? ReadText()
    {
        if (Type != TypeError || (Flags & FlagAckAttributes) == 0 || Payload.Length < 4 + HeaderBytes)
            return null;

        // After the number stands the request: its header alone when capped, else the whole of it.
        var requestBytes = (Flags & FlagCapped) != 0 ? HeaderBytes : (MemoryMarshal.Read<uint>(Payload[4..]) + 3) & ~3u;
        if (Payload.Length < 4 + requestBytes)
            return null;

        return NetlinkAttribute.TryFind(Payload[(int)(4 + requestBytes)..], ErrorMessageText, out var text) ? text.Text : null;
    }
}
