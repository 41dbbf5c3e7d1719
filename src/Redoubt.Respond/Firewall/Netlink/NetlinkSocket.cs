using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Redoubt.Respond.Firewall.Netlink;

/// <summary>A netlink socket: requests to one part of the kernel, and its answers.</summary>
/// <remarks>
/// It belongs to the network namespace of the thread that made it, whoever uses it later.
/// Threads: not safe; the owner locks. Waiting: an answer that takes longer than 5 s is an error.
/// </remarks>
internal sealed class NetlinkSocket : IDisposable
{
    internal const int Route = 0;
    internal const int SocketDiagnosis = 4;
    internal const int Netfilter = 12;

    private const int AnswerTimeoutSeconds = 5;

    // Room for the answers of a big batch; without it the kernel drops them and the outcome would be unknown.
    private const int ReceiveBufferBytes = 4 * 1024 * 1024;

    // A whole batch is one message to the kernel and has to fit.
    private const int SendBufferBytes = 1024 * 1024;

    // The kernel fills at most 32 KiB at a time into an answer.
    private readonly byte[] received = new byte[64 * 1024];
    private int descriptor;
    private uint sequence;

    /// <param name="protocol">One of the constants above.</param>
    /// <param name="groups">Bits of the multicast groups to listen to; 0 for a socket that only asks.</param>
    /// <exception cref="NetlinkException">The kernel has no such protocol, or this process may not.</exception>
    internal NetlinkSocket(int protocol, uint groups = 0)
    {
        descriptor = LibC.Socket(LibC.AddressFamilyNetlink, LibC.SocketRaw | LibC.SocketCloseOnExec, protocol);
        if (descriptor < 0)
            throw new NetlinkException("socket", Marshal.GetLastPInvokeError());

        SetOption(LibC.LevelSocket, LibC.ReceiveTimeout, new LibC.TimeValue { Seconds = AnswerTimeoutSeconds });
        SetOption(LibC.LevelSocket, LibC.SendTimeout, new LibC.TimeValue { Seconds = AnswerTimeoutSeconds });
        SetOption(LibC.LevelSocket, LibC.ReceiveBufferForce, ReceiveBufferBytes);
        SetOption(LibC.LevelSocket, LibC.SendBufferForce, SendBufferBytes);
        SetOption(LibC.LevelNetlink, LibC.NetlinkCapAck, 1);
        SetOption(LibC.LevelNetlink, LibC.NetlinkExtAck, 1);

        var address = new LibC.NetlinkAddress { Family = LibC.AddressFamilyNetlink, Groups = groups };
        if (LibC.Bind(descriptor, in address, Unsafe.SizeOf<LibC.NetlinkAddress>()) < 0)
        {
            var error = Marshal.GetLastPInvokeError();
            Dispose();
            throw new NetlinkException("bind", error);
        }
    }

    /// <summary>The number under which the kernel knows this socket; notifications of a change carry the number of whoever made it.</summary>
    internal uint Port
    {
        get
        {
            var address = default(LibC.NetlinkAddress);
            var length = Unsafe.SizeOf<LibC.NetlinkAddress>();
            return LibC.GetName(descriptor, ref address, ref length) == 0
                ? address.Port
                : throw new NetlinkException("getsockname", Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>The descriptor, for waiting only.</summary>
    internal int Descriptor => descriptor;

    /// <summary>Looks at one message of an answer; its bytes are valid only during the call.</summary>
    internal delegate void OnMessage(in NetlinkMessage message);

    /// <summary>Reserves sequence numbers that follow each other and returns the first.</summary>
    internal uint ReserveSequences(int count)
    {
        // 0 is what notifications carry.
        if (sequence > uint.MaxValue - 1 - count)
            sequence = 0;

        var first = sequence + 1;
        sequence += (uint)count;
        return first;
    }

    /// <summary>Sends requests and reads until every one of them is answered.</summary>
    /// <param name="requests">Whole messages, each asking for an acknowledgement or a dump.</param>
    /// <param name="first">Sequence number of the first request that is answered in any case.</param>
    /// <param name="last">Sequence number of the last such request.</param>
    /// <param name="envelope">Sequence number of the message that opens a batch, which is answered only when the whole batch fails; else 0.</param>
    /// <param name="onMessage">Gets every message that is no acknowledgement.</param>
    /// <returns>The first error, or 0.</returns>
    /// <exception cref="NetlinkException">The socket failed; what the kernel did is unknown.</exception>
    internal KernelAnswer Exchange(ReadOnlySpan<byte> requests, uint first, uint last, uint envelope = 0, OnMessage? onMessage = null)
    {
        Send(requests);
        var open = last - first + 1;
        var answer = default(KernelAnswer);
        while (open > 0)
        {
            ReadOnlySpan<byte> rest = received.AsSpan(0, Receive(0));
            while (open > 0 && NetlinkMessage.TryTake(ref rest, out var message))
            {
                // Left over from an exchange that ended early, or a notification.
                var isOurs = message.Sequence >= first && message.Sequence <= last;
                if (!isOurs && (envelope == 0 || message.Sequence != envelope))
                    continue;

                if (message.Type is not (NetlinkMessage.TypeError or NetlinkMessage.TypeDone))
                {
                    onMessage?.Invoke(in message);
                    continue;
                }

                var said = message.ReadAnswer();
                if (answer.IsOk)
                    answer = said;
                if (!isOurs && !said.IsOk)
                    return answer;
                if (isOurs)
                    open--;
            }
        }

        return answer;
    }

    /// <summary>Reads what is there without waiting, for sockets that listen.</summary>
    /// <returns>False when nothing is left to read. A lost message (the buffer ran over) comes as an exception.</returns>
    /// <exception cref="NetlinkException">ENOBUFS: messages were lost; else the socket failed.</exception>
    internal bool TryReceive(out ReadOnlySpan<byte> messages)
    {
        var bytes = Receive(LibC.MessageDoNotWait);
        messages = bytes > 0 ? received.AsSpan(0, bytes) : default;
        return bytes > 0;
    }

    /// <summary>Lets the kernel throw away what one port has caused, before it wakes anybody up.</summary>
    /// <exception cref="NetlinkException">The kernel refused.</exception>
    internal unsafe void Ignore(uint port)
    {
        // Load the 32-bit word at 12 (the port in the first message's header, read as network order); equal: keep 0 bytes; else all.
        var instructions = stackalloc LibC.FilterInstruction[]
        {
            new() { Code = 0x20, Value = 12 },
            new()
            {
                Code = 0x15,
                IfFalse = 1,
                Value = BinaryPrimitives.ReverseEndianness(port),
            },
            new() { Code = 0x06 },
            new() { Code = 0x06, Value = uint.MaxValue },
        };
        var program = new LibC.FilterProgram { Length = 4, Instructions = instructions };
        if (LibC.SetOption(descriptor, LibC.LevelSocket, LibC.AttachFilter, &program, sizeof(LibC.FilterProgram)) < 0)
            throw new NetlinkException("filter", Marshal.GetLastPInvokeError());
    }

    /// <summary>Sets a whole-number option of netlink; older kernels that do not know it go on without.</summary>
    internal void Enable(int netlinkOption) => SetOption(LibC.LevelNetlink, netlinkOption, 1);

    public void Dispose()
    {
        if (descriptor >= 0)
            LibC.Close(descriptor);
        descriptor = -1;
    }

    private unsafe void SetOption<T>(int level, int option, T value)
        where T : unmanaged => LibC.SetOption(descriptor, level, option, &value, sizeof(T));

    private unsafe void Send(ReadOnlySpan<byte> bytes)
    {
        var kernel = new LibC.NetlinkAddress { Family = LibC.AddressFamilyNetlink };
        fixed (byte* start = bytes)
        {
            while (LibC.SendTo(descriptor, start, bytes.Length, 0, in kernel, sizeof(LibC.NetlinkAddress)) < 0)
            {
                var error = Marshal.GetLastPInvokeError();
                if (error != Errno.Interrupted)
                    throw new NetlinkException("send", error);
            }
        }
    }

    private unsafe int Receive(int flags)
    {
        fixed (byte* start = received)
        {
            while (true)
            {
                // With MSG_TRUNC the kernel tells the true length.
                var bytes = LibC.Receive(descriptor, start, received.Length, flags | LibC.MessageTruncated);
                if (bytes > received.Length)
                    throw new NetlinkException("receive: message cut", Errno.NoBuffers);
                if (bytes >= 0)
                    return (int)bytes;

                var error = Marshal.GetLastPInvokeError();
                if (error == Errno.Again && flags != 0)
                    return 0;
                if (error != Errno.Interrupted)
                    throw new NetlinkException("receive", error);
            }
        }
    }
}
