using System.Runtime.InteropServices;

namespace Redoubt.Respond.Firewall.Netlink;

/// <summary>The few calls of the C library that .NET does not offer. Values are those of Linux on x64 and arm64.</summary>
internal static partial class LibC
{
    internal const int AddressFamilyNetlink = 16;
    internal const int SocketRaw = 3;
    internal const int SocketCloseOnExec = 0x80000;

    internal const int LevelSocket = 1;
    internal const int ReceiveBufferForce = 33;
    internal const int ReceiveTimeout = 20;
    internal const int SendTimeout = 21;
    internal const int AttachFilter = 26;
    internal const int SendBufferForce = 32;

    internal const int LevelNetlink = 270;
    internal const int NetlinkCapAck = 10;
    internal const int NetlinkExtAck = 11;
    internal const int NetlinkGetStrictCheck = 12;

    internal const short PollIn = 1;
    internal const int EventDoNotWait = 0x800;

    internal const int MessageDoNotWait = 0x40;
    internal const int MessageTruncated = 0x20;

    /// <summary><c>struct sockaddr_nl</c>; port 0 is the kernel.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct NetlinkAddress
    {
        internal ushort Family;
        internal ushort Padding;
        internal uint Port;
        internal uint Groups;
    }

    /// <summary><c>struct pollfd</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct PollEntry
    {
        internal int Descriptor;
        internal short Events;
        internal short Happened;
    }

    /// <summary><c>struct sock_filter</c>: one instruction of a socket filter.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct FilterInstruction
    {
        internal ushort Code;
        internal byte IfTrue;
        internal byte IfFalse;
        internal uint Value;
    }

    /// <summary><c>struct sock_fprog</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal unsafe struct FilterProgram
    {
        internal ushort Length;
        internal FilterInstruction* Instructions;
    }

    /// <summary><c>struct timeval</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct TimeValue
    {
        internal nint Seconds;
        internal nint Microseconds;
    }

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    internal static partial int Socket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    internal static partial int Bind(int socket, in NetlinkAddress address, int length);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    internal static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    internal static unsafe partial int SetOption(int socket, int level, int option, void* value, int length);

    [LibraryImport("libc", EntryPoint = "getsockname", SetLastError = true)]
    internal static partial int GetName(int socket, ref NetlinkAddress address, ref int length);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    internal static unsafe partial int Poll(PollEntry* entries, nuint count, int timeoutMilliseconds);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    internal static partial int EventDescriptor(uint initial, int flags);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    internal static unsafe partial nint Write(int descriptor, byte* bytes, nint length);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    internal static unsafe partial nint Read(int descriptor, byte* bytes, nint length);

    [LibraryImport("libc", EntryPoint = "sendto", SetLastError = true)]
    internal static unsafe partial nint SendTo(int socket, byte* bytes, nint length, int flags, in NetlinkAddress to, int toLength);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    internal static unsafe partial nint Receive(int socket, byte* bytes, nint length, int flags);
}
