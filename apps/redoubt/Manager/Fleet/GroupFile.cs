using Redoubt.Model;

namespace Redoubt.App.Manager;

/// <summary>A group's <c>agent.conf</c> as last looked at.</summary>
/// <param name="Content">The newest valid content; empty without a file; null when none was valid since the manager's start.</param>
/// <param name="Problems">Errors and warnings of the file as it is now.</param>
/// <param name="Written">Modification time of what was read.</param>
/// <param name="Length">Its length; -1 without a file.</param>
internal sealed record GroupFile(byte[]? Content, IReadOnlyList<Diagnostic> Problems, DateTime Written, long Length)
{
    /// <summary>Whether the file as it is now is what agents get.</summary>
    internal bool IsValid => Content is not null && !Problems.Any(p => p.Severity == Severity.Error);
}
