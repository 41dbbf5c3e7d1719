namespace Redoubt.Respond.Firewall.Netlink;

/// <summary>Error numbers of the kernel by name, so that a reason can be looked up.</summary>
internal static class Errno
{
    internal const int NotPermitted = 1;
    internal const int NoEntry = 2;
    internal const int NoSuchProcess = 3;
    internal const int Interrupted = 4;
    internal const int Again = 11;
    internal const int Exists = 17;
    internal const int Invalid = 22;
    internal const int NotSupported = 95;
    internal const int NoBuffers = 105;

    /// <summary>Name and meaning, as <c>ENOENT (no such entry)</c>.</summary>
    internal static string Describe(int number) =>
        number switch
        {
            1 => "EPERM (not permitted)",
            2 => "ENOENT (no such entry)",
            3 => "ESRCH (no such route)",
            4 => "EINTR (interrupted)",
            5 => "EIO (input or output error)",
            11 => "EAGAIN (no answer in time)",
            12 => "ENOMEM (no memory)",
            13 => "EACCES (access denied)",
            16 => "EBUSY (busy)",
            17 => "EEXIST (exists or overlaps)",
            19 => "ENODEV (no such device)",
            22 => "EINVAL (invalid argument)",
            23 => "ENFILE (too many files in the system)",
            24 => "EMFILE (too many files)",
            28 => "ENOSPC (no space left)",
            33 => "EDOM (out of domain)",
            34 => "ERANGE (out of range)",
            75 => "EOVERFLOW (value too large)",
            90 => "EMSGSIZE (message too long)",
            92 => "ENOPROTOOPT (no such option)",
            93 => "EPROTONOSUPPORT (no such protocol)",
            95 => "EOPNOTSUPP (not supported)",
            97 => "EAFNOSUPPORT (no such address family)",
            105 => "ENOBUFS (buffer overrun)",
            110 => "ETIMEDOUT (timed out)",
            111 => "ECONNREFUSED (connection refused)",
            _ => $"error {number}",
        };
}
