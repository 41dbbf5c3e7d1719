namespace Redoubt.Model;

/// <summary>One thing the operator must read about a file: where, what is wrong, what would be accepted.</summary>
/// <remarks>Line and column count from 1; 0 where the whole file is meant. The code (<c>CONF0012</c>) is stable.</remarks>
/// <param name="Severity">Errors stop a start.</param>
/// <param name="File">Path as configured.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1, in bytes.</param>
/// <param name="Code">Stable code of ours.</param>
/// <param name="WazuhCode">The number Wazuh 4.x gives the same problem, or null.</param>
/// <param name="Problem">What is wrong, one sentence.</param>
/// <param name="Fix">What would be accepted, one sentence.</param>
public sealed record Diagnostic(
    Severity Severity,
    string File,
    int Line,
    int Column,
    string Code,
    string? WazuhCode,
    string Problem,
    string Fix
)
{
    /// <summary>One line for a terminal: <c>file:line:column: error CODE: problem. Fix: …</c>.</summary>
    public override string ToString()
    {
        var place = Line > 0 ? $"{File}:{Line}:{Column}" : File;
        var number = WazuhCode is null ? Code : $"{Code} ({WazuhCode})";
        var word = Severity switch
        {
            Severity.Error => "error",
            Severity.Warning => "warning",
            _ => "note",
        };
        return Fix.Length == 0 ? $"{place}: {word} {number}: {Problem}" : $"{place}: {word} {number}: {Problem} Fix: {Fix}";
    }
}
