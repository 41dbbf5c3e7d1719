using System.Runtime.InteropServices;

namespace Redoubt.Record;

/// <summary>Hard links, which .NET does not make.</summary>
internal static partial class HardLink
{
    /// <summary>Makes <paramref name="link"/> a second name of <paramref name="path"/>, in place of what had that name.</summary>
    /// <exception cref="IOException">The file system refuses; the message says why.</exception>
    internal static void Replace(string path, string link)
    {
        // rename(2) of two names of one file does nothing, so an existing right link needs no care; the left-over is removed.
        var temporary = link + ".new";
        File.Delete(temporary);
        if (Link(path, temporary) != 0)
            throw new IOException($"Cannot link {link} to {path}: {Marshal.GetLastPInvokeErrorMessage()}");

        File.Move(temporary, link, overwrite: true);
        File.Delete(temporary);
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string oldPath, string newPath);
}
