using System.Runtime.InteropServices;

namespace Redoubt.Collect.Positions;

/// <summary>What the store knows about one file of a source.</summary>
/// <param name="File">Its identity.</param>
/// <param name="Offset">Everything before it is acknowledged.</param>
/// <param name="FingerprintLength">How many first bytes <paramref name="FingerprintHash"/> covers; 0: not known yet.</param>
/// <param name="FingerprintHash">Tells the content from another one under the same inode.</param>
/// <param name="End">Where the file ends for us, once nothing more will be read from it; else the largest number.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct FilePosition(
    FileIdentity File,
    long Offset,
    int FingerprintLength,
    ulong FingerprintHash,
    long End = long.MaxValue
);
