using System.Buffers;
using System.Globalization;
using System.IO.Enumeration;
using Microsoft.Win32.SafeHandles;
using Redoubt.Collect.Native;
using Redoubt.Collect.Positions;

namespace Redoubt.Collect.Files;

/// <summary>Finds what a log's content is called after a rotation: <c>auth.log.1</c>, <c>auth.log-20260101</c>, in the same folder.</summary>
/// <remarks>Cost: one pass over the folder's names, at a rotation or a restart only. Nothing is remembered between calls.</remarks>
internal static class RotatedFiles
{
    /// <summary>A rotation that goes on during a search can hide a file from it, by moving it to a name that was passed already.</summary>
    private const int MaxAttempts = 3;

    private static readonly SearchValues<char> NumberOrDate = SearchValues.Create("0123456789-._T");

    /// <summary>A file found, open.</summary>
    internal readonly record struct Found(SafeFileHandle Handle, FileFacts Facts, Fingerprint Fingerprint);

    /// <summary>Finds the file that a stored position means: by inode and first bytes, at its path or under a rotated name, else a copy
    /// of its content that <c>copytruncate</c> has made.</summary>
    /// <param name="path">The configured path.</param>
    /// <param name="stored">What the store says.</param>
    /// <param name="isTaken">Files that stand for other positions already.</param>
    /// <param name="isUnreadable">The file at the path is the one, but it may not be read at present.</param>
    internal static Found? Locate(string path, in FilePosition stored, Func<FileFacts, bool> isTaken, out bool isUnreadable)
    {
        for (var attempt = 1; ; attempt++)
        {
            var found = LocateOnce(path, stored, isTaken, out isUnreadable);
            if (found is not null || isUnreadable || attempt == MaxAttempts)
                return found;
        }
    }

    private static Found? LocateOnce(string path, in FilePosition stored, Func<FileFacts, bool> isTaken, out bool isUnreadable)
    {
        isUnreadable = false;
        var siblings = Siblings(path);
        foreach (var candidate in siblings.Prepend(path))
        {
            var facts = FileFacts.OfPath(candidate);
            if (!facts.IsRegular || facts.Inode != stored.File.Inode || isTaken(facts))
                continue;
            var found = Open(candidate, stored, out var error);
            if (found is { } file && file.Facts.Inode == stored.File.Inode)
                return file;
            found?.Handle.Dispose();
            isUnreadable |= error == Libc.EACCES && ReferenceEquals(candidate, path);
        }

        return isUnreadable ? null : LocateCopy(siblings, stored, isTaken);
    }

    /// <summary>Finds a copy of a content under a rotated name, made before the original was truncated; the newest if there are several.</summary>
    internal static Found? LocateCopy(string path, in FilePosition stored, Func<FileFacts, bool> isTaken)
    {
        Found? found = null;
        for (var attempt = 0; found is null && attempt < MaxAttempts; attempt++)
            found = LocateCopy(Siblings(path), stored, isTaken);
        return found;
    }

    /// <summary>Finds rotated files that came after <paramref name="last"/>, were made until <paramref name="bornUntil"/> and that nobody
    /// has opened: two rotations can pass while a reader is down or held up.</summary>
    /// <returns>Open files, oldest first; none if <paramref name="last"/> itself is not under a rotated name (another scheme is in use
    /// then) or the file system does not tell when a file was made.</returns>
    internal static List<Found> Between(string path, FileReader last, long bornUntil, Func<FileFacts, bool> isTaken)
    {
        var born = last.Facts.BornNanoseconds;
        var siblings = Siblings(path).Select(name => (Name: name, Facts: FileFacts.OfPath(name))).ToList();
        List<Found> found = [];
        if (born == 0 || !siblings.Exists(sibling => sibling.Facts.IsSameFileAs(last.Facts)))
            return found;

        foreach (
            var (name, facts) in siblings
                .Where(sibling =>
                    sibling.Facts.IsRegular
                    && sibling.Facts.BornNanoseconds >= born
                    && sibling.Facts.BornNanoseconds <= bornUntil
                    && sibling.Facts.Size > 0
                )
                .OrderBy(sibling => sibling.Facts.BornNanoseconds)
                .ThenByDescending(sibling => NumberOf(sibling.Name))
        )
        {
            if (isTaken(facts) || Open(name, default, out _) is not { } file)
                continue;
            // The name may have gone to another file since; and a copy of what is being read is not news.
            if (isTaken(file.Facts) || file.Fingerprint.Resembles(last.Fingerprint) || found.Exists(f => f.Facts.IsSameFileAs(file.Facts)))
                file.Handle.Dispose();
            else
                found.Add(file);
        }

        return found;
    }

    private static Found? LocateCopy(List<string> siblings, in FilePosition stored, Func<FileFacts, bool> isTaken)
    {
        if (stored.FingerprintLength < Fingerprint.MinLengthForCopies)
            return null;

        Found? best = null;
        foreach (var candidate in siblings)
        {
            if (isTaken(FileFacts.OfPath(candidate)) || Open(candidate, stored, out _) is not { } file)
                continue;
            if (isTaken(file.Facts) || (best is { } known && known.Facts.ModifiedNanoseconds > file.Facts.ModifiedNanoseconds))
            {
                file.Handle.Dispose();
                continue;
            }

            best?.Handle.Dispose();
            best = file;
        }

        return best;
    }

    private static Found? Open(string path, in FilePosition stored, out int error)
    {
        var handle = Libc.Open(path, out error);
        if (handle is null)
            return null;

        var facts = FileFacts.Of(handle);
        var fingerprint = facts.IsRegular && facts.Size >= stored.Offset ? Fingerprint.Of(handle) : null;
        if (fingerprint is not null && fingerprint.BeganAs(stored))
            return new Found(handle, facts, fingerprint);

        handle.Dispose();
        return null;
    }

    /// <summary>The rotated names beside a path, in no order. Compressed ones are not among them.</summary>
    private static List<string> Siblings(string path)
    {
        var name = Path.GetFileName(path);
        try
        {
            return
            [
                .. new FileSystemEnumerable<string>(Path.GetDirectoryName(path)!, (ref FileSystemEntry entry) => entry.ToFullPath())
                {
                    ShouldIncludePredicate = (ref FileSystemEntry entry) => IsRotatedName(entry.FileName, name),
                },
            ];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The folder is gone or closed to us; the file at the path will say so itself.
            return [];
        }
    }

    /// <summary>The name, then <c>.</c> or <c>-</c>, then a number or a date: digits, perhaps with dashes, dots or underscores between.</summary>
    internal static bool IsRotatedName(ReadOnlySpan<char> candidate, ReadOnlySpan<char> name) =>
        candidate.Length > name.Length + 1
        && candidate.StartsWith(name, StringComparison.Ordinal)
        && candidate[name.Length] is '.' or '-'
        && char.IsAsciiDigit(candidate[name.Length + 1])
        && candidate[(name.Length + 1)..].IndexOfAnyExcept(NumberOrDate) < 0;

    private static long NumberOf(string path) =>
        long.TryParse(path.AsSpan(path.LastIndexOf('.') + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
