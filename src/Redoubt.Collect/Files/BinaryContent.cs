using System.Text.Unicode;
using Microsoft.Win32.SafeHandles;
using Redoubt.Collect.Native;

namespace Redoubt.Collect.Files;

/// <summary>Tells a file of text from another one by its beginning.</summary>
internal static class BinaryContent
{
    private const int Looked = 4096;
    private const int LongestRune = 4;

    /// <summary>Whether the first bytes are no UTF-8, or hold a NUL. An empty file is text.</summary>
    internal static bool Is(SafeFileHandle file)
    {
        Span<byte> buffer = stackalloc byte[Looked];
        var beginning = buffer[..Math.Max(0, Libc.ReadAt(file, buffer, 0))];
        return beginning.Contains((byte)0) || !IsUtf8(beginning);
    }

    // The last character may go on behind the bytes that were read.
    private static bool IsUtf8(ReadOnlySpan<byte> text)
    {
        for (var cut = 0; cut < LongestRune && cut <= text.Length; cut++)
        {
            if (Utf8.IsValid(text[..^cut]))
                return cut == 0 || text.Length == Looked;
        }

        return false;
    }
}
