using System.Globalization;
using Redoubt.Collect.Files;

namespace Redoubt.Collect.Positions;

/// <summary>One line of the position file: what changed, guarded by a checksum of its own so that a torn write is recognised.</summary>
/// <remarks>
/// Form: <c>CHECKSUM KIND GENERATION-OR-IDENTITY … KEY</c>, fields divided by one blank, the key last because it may hold blanks:
/// <c>S generation key</c> the source is known and later files get larger generations; <c>B identity offset length hash key</c>
/// a file begins or is described better; <c>A identity offset key</c> acknowledged; <c>E identity key</c> the file is done with;
/// <c>F key</c> the source is forgotten.
/// </remarks>
internal readonly record struct PositionRecord(char Kind, string Key, FilePosition Position, uint Generation)
{
    internal const char Source = 'S';
    internal const char Begin = 'B';
    internal const char Acknowledged = 'A';
    internal const char Ended = 'E';
    internal const char Forgotten = 'F';
    private const int ChecksumLength = 16;

    /// <summary>The line without its newline.</summary>
    public override string ToString()
    {
        var p = Position;
        var key = Key.Replace("%", "%25", StringComparison.Ordinal).Replace("\n", "%0A", StringComparison.Ordinal);
        var body = Kind switch
        {
            Source => string.Create(CultureInfo.InvariantCulture, $"S {Generation} {key}"),
            Begin => string.Create(
                CultureInfo.InvariantCulture,
                $"B {p.File} {p.Offset} {p.FingerprintLength} {p.FingerprintHash:x16} {key}"
            ),
            Acknowledged => string.Create(CultureInfo.InvariantCulture, $"A {p.File} {p.Offset} {key}"),
            Ended => string.Create(CultureInfo.InvariantCulture, $"E {p.File} {key}"),
            _ => $"F {key}",
        };
        return string.Create(CultureInfo.InvariantCulture, $"{Checksum(body):x16} {body}");
    }

    /// <summary>Reads a line.</summary>
    /// <returns>Whether it is whole and has one of the forms above.</returns>
    internal static bool TryParse(string line, out PositionRecord record)
    {
        record = default;
        if (
            line.Length < ChecksumLength + 3
            || !ulong.TryParse(
                line.AsSpan(0, ChecksumLength),
                NumberStyles.AllowHexSpecifier,
                CultureInfo.InvariantCulture,
                out var checksum
            )
            || Checksum(line[(ChecksumLength + 1)..]) != checksum
        )
            return false;

        var kind = line[ChecksumLength + 1];
        var fieldCount = kind switch
        {
            Begin => 5,
            Acknowledged => 3,
            Ended or Source => 2,
            Forgotten => 1,
            _ => 0,
        };
        if (fieldCount == 0)
            return false;

        var fields = line[(ChecksumLength + 3)..].Split(' ', fieldCount);
        if (fields.Length != fieldCount)
            return false;

        FileIdentity file = default;
        long offset = 0;
        var length = 0;
        ulong hash = 0;
        uint generation = 0;
        var good = kind switch
        {
            Forgotten => true,
            Source => uint.TryParse(fields[0], NumberStyles.None, CultureInfo.InvariantCulture, out generation),
            _ => FileIdentity.TryParse(fields[0], out file),
        };
        if (kind is Begin or Acknowledged)
            good &= long.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out offset);
        if (kind is Begin)
        {
            good &=
                int.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out length)
                && length <= Fingerprint.MaxLength
                && ulong.TryParse(fields[3], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out hash);
        }

        var key = fields[^1].Replace("%0A", "\n", StringComparison.Ordinal).Replace("%25", "%", StringComparison.Ordinal);
        record = new PositionRecord(kind, key, new FilePosition(file, offset, length, hash), generation);
        return good;
    }

    private static ulong Checksum(string body) => Fnv.Hash(System.Text.Encoding.UTF8.GetBytes(body));
}
