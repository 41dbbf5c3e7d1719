using Microsoft.Win32.SafeHandles;
using Redoubt.Collect.Native;
using Redoubt.Collect.Positions;

namespace Redoubt.Collect.Files;

/// <summary>The first bytes of a file, by which a content is told from another under the same inode, and a copy of it is found.</summary>
/// <remarks>
/// A log that has been truncated and has grown past the old offset again looks like one that has only grown; its first line, with its
/// time, differs. Cost: one <c>pread</c> of 512 bytes a check. Threads: not safe.
/// </remarks>
internal sealed class Fingerprint
{
    internal const int MaxLength = 512;

    /// <summary>Fewer bytes than this say too little to call another file a copy.</summary>
    internal const int MinLengthForCopies = 32;

    private readonly byte[] _bytes = new byte[MaxLength];

    internal int Length { get; private set; }

    internal ulong Hash => Fnv.Hash(_bytes.AsSpan(0, Length));

    /// <summary>How much of it has been written to the position store.</summary>
    internal int SavedLength { get; set; }

    /// <summary>Whether a file still begins so; takes in what the file has got beyond the bytes known so far.</summary>
    internal bool Matches(SafeFileHandle file)
    {
        Span<byte> now = stackalloc byte[MaxLength];
        var count = Libc.ReadAt(file, now, 0);
        if (count < Length || !now[..Length].SequenceEqual(_bytes.AsSpan(0, Length)))
            return false;

        now[Length..count].CopyTo(_bytes.AsSpan(Length));
        Length = count;
        return true;
    }

    /// <summary>Whether the two contents begin alike, as far as the shorter one is known.</summary>
    internal bool Resembles(Fingerprint other)
    {
        var length = Math.Min(Length, other.Length);
        return length >= MinLengthForCopies && _bytes.AsSpan(0, length).SequenceEqual(other._bytes.AsSpan(0, length));
    }

    /// <summary>Reads the first bytes of a file.</summary>
    internal static Fingerprint Of(SafeFileHandle file)
    {
        var fingerprint = new Fingerprint();
        _ = fingerprint.Matches(file);
        return fingerprint;
    }

    /// <summary>Whether a file begins with what was stored of an earlier run's fingerprint.</summary>
    internal bool BeganAs(in FilePosition stored) =>
        stored.FingerprintLength == 0
        || (Length >= stored.FingerprintLength && Fnv.Hash(_bytes.AsSpan(0, stored.FingerprintLength)) == stored.FingerprintHash);
}
