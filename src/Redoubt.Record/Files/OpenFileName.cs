using Microsoft.Win32.SafeHandles;

namespace Redoubt.Record;

/// <summary>The kernel's name for an open file: it changes when the file is renamed, and says so when the name is deleted or given to another.</summary>
internal static class OpenFileName
{
    internal static string Of(SafeFileHandle handle) =>
        File.ResolveLinkTarget($"/proc/self/fd/{handle.DangerousGetHandle()}", returnFinalTarget: false)?.FullName ?? string.Empty;
}
