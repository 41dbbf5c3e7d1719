using System.Buffers.Binary;
using Redoubt.Engine.Match;
using Redoubt.Model;

namespace Redoubt.Engine.Loading;

/// <summary>Reads a list: text with one entry a line, or a compiled constant database.</summary>
/// <remarks>Never throws, whatever the bytes are. Source: rule-engine.md 6; the compiled form is D. J. Bernstein's cdb.</remarks>
internal static class CdbReader
{
    private const int MaxLineBytes = 65_536;
    private const int HeaderBytes = 2_048;
    private const string CompiledSuffix = ".cdb";

    public static CdbList Read(RulesetFile file, DiagnosticBag bag)
    {
        if (!file.Name.EndsWith(CompiledSuffix, StringComparison.Ordinal))
            return ReadText(file, bag);

        var list = new CdbList(file.Name[..^CompiledSuffix.Length]);
        if (!TryReadCompiled(file.Content, list))
            bag.Error(
                file.Name,
                0,
                0,
                "LIST0002",
                null,
                "The file is no constant database.",
                "Give the text of the list, or compile it again."
            );

        return list;
    }

    private static CdbList ReadText(RulesetFile file, DiagnosticBag bag)
    {
        var list = new CdbList(file.Name);
        var number = 0;
        var rest = file.Content.AsSpan();
        while (!rest.IsEmpty)
        {
            number++;
            var end = rest.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            line = line.TrimEnd((byte)'\r');
            if (line.Length > MaxLineBytes)
                bag.Warning(file.Name, number, 1, "LIST0003", null, "The line is longer than 65536 bytes and is left out.", "Shorten it.");
            else if (!TryReadEntry(line, list) && !line.IsEmpty)
                bag.Note(file.Name, number, 1, "LIST0001", null, "The line has no ':' and is left out.", "Write 'key:' or 'key:value'.");
        }

        return list;
    }

    private static bool TryReadEntry(ReadOnlySpan<byte> line, CdbList list)
    {
        int colon;
        ReadOnlySpan<byte> key;
        if (
            line.StartsWith((byte)'"')
            && line[1..].IndexOf((byte)'"') is var quote and >= 0
            && quote + 2 < line.Length
            && line[quote + 2] == ':'
        )
        {
            key = line.Slice(1, quote);
            colon = quote + 2;
        }
        else
        {
            colon = line.IndexOf((byte)':');
            if (colon < 0)
                return false;

            key = line[..colon];
        }

        var value = line[(colon + 1)..];
        if (value is [(byte)'"', .., (byte)'"'])
            value = value[1..^1];

        list.Add(key, value);
        return true;
    }

    // The records stand between the header and the first hash table, in the order in which they were written.
    private static bool TryReadCompiled(ReadOnlySpan<byte> file, CdbList list)
    {
        if (file.Length < HeaderBytes)
            return false;

        var end = (uint)file.Length;
        for (var table = 0; table < 256; table++)
        {
            var start = BinaryPrimitives.ReadUInt32LittleEndian(file[(table * 8)..]);
            if (start < HeaderBytes || start > file.Length)
                return false;

            end = Math.Min(end, start);
        }

        var at = HeaderBytes;
        while (at + 8 <= end)
        {
            var keyLength = BinaryPrimitives.ReadUInt32LittleEndian(file[at..]);
            var valueLength = BinaryPrimitives.ReadUInt32LittleEndian(file[(at + 4)..]);
            if ((long)at + 8 + keyLength + valueLength > end)
                return false;

            list.Add(file.Slice(at + 8, (int)keyLength), file.Slice(at + 8 + (int)keyLength, (int)valueLength));
            at += 8 + (int)(keyLength + valueLength);
        }

        return at == end;
    }
}
