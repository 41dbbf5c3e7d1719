using System.Runtime.InteropServices;

namespace Redoubt.Collect.Journald;

/// <summary>An open journal.</summary>
internal sealed class JournalHandle : SafeHandle
{
    internal JournalHandle(nint journal)
        : base(0, ownsHandle: true) => SetHandle(journal);

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        Libsystemd.sd_journal_close(handle);
        return true;
    }
}
