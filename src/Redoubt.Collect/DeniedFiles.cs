using Microsoft.Win32.SafeHandles;

namespace Redoubt.Collect;

/// <summary>What to do about a log file that this process's user may not read.</summary>
public static class DeniedFiles
{
    /// <summary>Asked for a file whose opening was denied; null, the default, or a null answer: it stays unread and is reported.
    /// Set once, before the first collector. Called on the reader thread.</summary>
    public static Func<string, SafeFileHandle?>? Open { get; set; }
}
