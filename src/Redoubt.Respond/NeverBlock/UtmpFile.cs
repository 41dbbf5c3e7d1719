using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Redoubt.Respond.NeverBlock;

/// <summary>Reads the table of logins.</summary>
/// <remarks>
/// Source: <c>struct utmp</c> of glibc, 384 bytes, little endian: type (16 bit) at 0, process at 4, user (32 bytes) at 44,
/// seconds and microseconds (32 bit each) at 340 and 344, address (16 bytes, IPv4 in the first four) at 348.
/// It does not say how somebody logged in: a key and a password look the same.
/// </remarks>
internal static class UtmpFile
{
    internal const int EntryBytes = 384;
    private const short UserProcess = 7;

    /// <summary>The logins from other hosts; whether their process still runs is asked when it matters.</summary>
    /// <exception cref="IOException">The file is there but cannot be read.</exception>
    internal static List<LoginSession> Read(HostFiles files)
    {
        var found = new List<LoginSession>();
        var table = HostFiles.ReadOrEmpty(files.Logins);
        for (var at = 0; at + EntryBytes <= table.Length; at += EntryBytes)
        {
            if (TryReadEntry(table.AsSpan(at, EntryBytes), out var session))
                found.Add(session);
        }

        return found;
    }

    private static bool TryReadEntry(ReadOnlySpan<byte> entry, out LoginSession session)
    {
        session = default;
        var process = BinaryPrimitives.ReadInt32LittleEndian(entry[4..]);
        var address = entry.Slice(348, 16);
        if (BinaryPrimitives.ReadInt16LittleEndian(entry) != UserProcess || process <= 0 || !address.ContainsAnyExcept((byte)0))
            return false;

        var user = entry.Slice(44, 32);
        var end = user.IndexOf((byte)0);
        var start =
            (BinaryPrimitives.ReadUInt32LittleEndian(entry[340..]) * 1000L) + (BinaryPrimitives.ReadInt32LittleEndian(entry[344..]) / 1000);
        var isIPv4 = !address[4..].ContainsAnyExcept((byte)0);
        session = new LoginSession(
            Encoding.UTF8.GetString(end < 0 ? user : user[..end]),
            new IPAddress(isIPv4 ? address[..4] : address),
            start,
            process
        );
        return true;
    }
}
