using Microsoft.Win32.SafeHandles;
using Redoubt.Collect.Formats;
using Redoubt.Collect.Native;

namespace Redoubt.Collect.Files;

/// <summary>One open file of a source and how far it has been read.</summary>
/// <remarks>
/// It keeps no bytes: a line without its newline is read again when the file has grown, so that a file costs a few hundred bytes and a
/// restart needs nothing but an offset.
/// </remarks>
internal sealed class FileReader : IDisposable
{
    internal FileReader(SafeFileHandle handle, FileFacts facts, FileIdentity identity, long offset, Fingerprint fingerprint)
    {
        Handle = handle;
        Facts = facts;
        Identity = identity;
        Fingerprint = fingerprint;
        IsOfRootAlone = FileRights.IsOfRootAlone(handle, facts);
        MoveTo(offset);
    }

    internal SafeFileHandle Handle { get; private set; }

    /// <summary>The file behind the handle when it was opened. Its inode is not that of <see cref="Identity"/> if this is a copy.</summary>
    internal FileFacts Facts { get; private set; }

    internal FileIdentity Identity { get; private set; }

    /// <summary>Whether, when it was opened, only root could write into it, and no syslog daemon did.</summary>
    internal bool IsOfRootAlone { get; }

    internal Fingerprint Fingerprint { get; private set; }

    /// <summary>Where the first line begins that has not been handed on.</summary>
    internal long LineStart { get; set; }

    /// <summary>Lines of a record that is not complete; always empty where each line is a record.</summary>
    internal PendingRecord Pending { get; } = new();

    /// <summary>Where the first record begins that has not been handed on.</summary>
    internal long RecordStart => Pending.IsEmpty ? LineStart : Pending.Start;

    /// <summary>Up to where lines were handed on: what must be acknowledged before the file is done.</summary>
    internal long HandedOn { get; set; }

    /// <summary>Beyond <see cref="LineStart"/> while the newline of an overlong line is searched: no newline before it.</summary>
    internal long Scanned { get; set; }

    /// <summary>Whether NUL bytes were passed over before <see cref="LineStart"/>.</summary>
    internal bool AfterHole { get; set; }

    /// <summary>Whether another file has taken its path.</summary>
    internal bool IsRetired { get; set; }

    /// <summary>Whether the last look found nothing more to read.</summary>
    internal bool IsDrained { get; set; }

    /// <summary>Time stamp of the last line read.</summary>
    internal long GrewAt { get; set; }

    /// <summary>Why the last read failed; 0 if it did not.</summary>
    internal int Error { get; set; }

    internal int Watch { get; set; } = -1;

    public void Dispose() => Handle.Dispose();

    /// <summary>Goes on reading at another offset.</summary>
    internal void MoveTo(long offset)
    {
        Pass(offset);
        HandedOn = offset;
        Pending.Clear();
    }

    /// <summary>The line that ends there was taken.</summary>
    internal void Pass(long end)
    {
        LineStart = Scanned = end;
        AfterHole = IsDrained = false;
    }

    /// <summary>The content was replaced in place: the same handle now stands for another file.</summary>
    internal void Restart(FileIdentity identity, Fingerprint fingerprint)
    {
        Identity = identity;
        Fingerprint = fingerprint;
        Facts = FileFacts.Of(Handle);
        MoveTo(0);
    }
}
