using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Redoubt.Model;
using Redoubt.Respond.Firewall.Netlink;

namespace Redoubt.Respond.Firewall.Connections;

/// <summary>Ends this host's TCP connections with a peer, whoever opened them: its login does not outlive the block.</summary>
/// <remarks>
/// Source: <c>linux/inet_diag.h</c>, <c>linux/sock_diag.h</c>. Sockets of programs that listen on IPv6 for both families show an IPv4 peer as
/// <c>::ffff:a.b.c.d</c>; they are found as well. Threads: not safe.
/// </remarks>
internal sealed class SocketDestroyer : IDisposable
{
    private const ushort ByFamily = 20;
    private const ushort Destroy = 21;
    private const ushort RequestFilter = 1;
    private const byte PeerCondition = 8;

    // Every state but closed (7), waiting for late packets (6) and listening (10).
    private const uint States = 0x1FFF & ~((1u << 6) | (1u << 7) | (1u << 10));

    private const int RequestBytes = 56;
    private const int IdBytes = 48;
    private const int IdPeerOffset = 20;

    private readonly NetlinkSocket socket = new(NetlinkSocket.SocketDiagnosis);
    private readonly NetlinkWriter writer = new();

    /// <summary>Ends the connections of targets.</summary>
    /// <param name="match">The targets.</param>
    /// <param name="counts">Counts per target, added to.</param>
    /// <returns>Why it was not done in full; null when it was.</returns>
    internal string? End(TargetMatch match, int[] counts)
    {
        try
        {
            string? trouble = null;
            if (match.HasIPv4)
                trouble = End(AddressFamily.InterNetwork, match, counts);
            return End(AddressFamily.InterNetworkV6, match, counts) ?? trouble;
        }
        catch (NetlinkException e)
        {
            return $"open connections could not be ended: {e.Message}";
        }
    }

    public void Dispose() => socket.Dispose();

    // The kernel's own numbers, which differ from those of .NET for IPv6.
    private static byte KernelFamily(AddressFamily family) => family == AddressFamily.InterNetworkV6 ? (byte)10 : (byte)2;

    private string? End(AddressFamily family, TargetMatch match, int[] counts)
    {
        var found = new List<(byte[] Id, int Index)>();
        var listed = List(family, match, found);

        // A kernel without IPv6 has no such list, and no such socket.
        if (!listed.IsOk && listed.Errno != Errno.NoEntry)
            return $"open connections cannot be listed: {listed}";

        string? trouble = null;
        foreach (var (id, index) in found)
        {
            var answer = DestroyOne(family, id);
            if (answer.IsOk)
                counts[index]++;
            else if (answer.Errno != Errno.NoEntry)
                trouble = $"an open connection could not be ended: {answer}";
        }

        return trouble;
    }

    private KernelAnswer List(AddressFamily family, TargetMatch match, List<(byte[] Id, int Index)> found)
    {
        var addressBytes = family == AddressFamily.InterNetworkV6 ? 16 : 4;
        var sequence = socket.ReserveSequences(1);
        writer.Clear();
        writer.BeginMessage(ByFamily, NetlinkMessage.FlagRequest | NetlinkMessage.FlagDump, sequence);
        WriteRequest(family, []);
        if (match.Only is { } only)
            WriteFilter(only);
        writer.EndMessage();

        return socket.Exchange(
            writer.Written,
            sequence,
            sequence,
            onMessage: (in NetlinkMessage message) =>
            {
                // struct inet_diag_msg: family, state, timer, retransmissions, then the id.
                if (message.Type != ByFamily || message.Payload.Length < 4 + IdBytes || message.Payload[0] != KernelFamily(family))
                    return;

                var id = message.Payload.Slice(4, IdBytes);
                var index = match.Find(id.Slice(IdPeerOffset, addressBytes));
                if (index >= 0)
                    found.Add((id.ToArray(), index));
            }
        );
    }

    private KernelAnswer DestroyOne(AddressFamily family, byte[] id)
    {
        var sequence = socket.ReserveSequences(1);
        writer.Clear();
        writer.BeginMessage(Destroy, NetlinkMessage.FlagRequest | NetlinkMessage.FlagAck, sequence);
        WriteRequest(family, id);
        writer.EndMessage();
        return socket.Exchange(writer.Written, sequence, sequence);
    }

    private void WriteRequest(AddressFamily family, ReadOnlySpan<byte> id)
    {
        Span<byte> request = stackalloc byte[RequestBytes];
        request.Clear();
        request[0] = KernelFamily(family);
        request[1] = (byte)ProtocolType.Tcp;
        MemoryMarshal.Write(request[4..], States);
        id.CopyTo(request[8..]);
        writer.Bytes(request);
    }

    /// <summary>Lets the kernel pass over other peers: a small program of one condition that ends well, or jumps behind its end.</summary>
    private void WriteFilter(BlockTarget target)
    {
        var addressBytes = target.IsIPv6 ? 16 : 4;
        var length = 4 + 8 + addressBytes;
        Span<byte> program = stackalloc byte[4 + 8 + 16];
        program.Clear();
        program[0] = PeerCondition;
        program[1] = (byte)length;
        MemoryMarshal.Write(program[2..], (ushort)(length + 4));
        program[4] = KernelFamily(target.Network.BaseAddress.AddressFamily);
        program[5] = (byte)target.Network.PrefixLength;
        BinaryPrimitives.WriteInt32LittleEndian(program[8..], -1);
        target.Network.BaseAddress.TryWriteBytes(program[12..], out _);
        writer.Attribute(RequestFilter, program[..length]);
    }
}
