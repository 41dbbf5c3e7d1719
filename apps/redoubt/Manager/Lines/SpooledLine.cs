using System.Buffers.Binary;
using System.Net;
using Redoubt.Collect;

namespace Redoubt.App.Manager;

/// <summary>A line from the network as a record of the spool: <c>length of address (1) address arrival (8) text</c>, little endian.</summary>
internal static class SpooledLine
{
    internal static byte[] Write(SyslogLine line)
    {
        var address = line.Sender.GetAddressBytes();
        var record = new byte[1 + address.Length + sizeof(long) + line.Text.Length];
        record[0] = (byte)address.Length;
        address.CopyTo(record, 1);
        BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(1 + address.Length), line.ArrivalUnixMilliseconds);
        line.Text.CopyTo(record, record.Length - line.Text.Length);
        return record;
    }

    /// <returns>Null for a record that another program has written.</returns>
    internal static SyslogLine? Read(byte[] record)
    {
        var address = record.Length > 0 ? record[0] : 0;
        var text = 1 + address + sizeof(long);
        return address is 4 or 16 && record.Length >= text
            ? new SyslogLine(
                new IPAddress(record.AsSpan(1, address)),
                record[text..],
                BinaryPrimitives.ReadInt64LittleEndian(record.AsSpan(1 + address))
            )
            : null;
    }
}
