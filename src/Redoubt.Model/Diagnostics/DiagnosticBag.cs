namespace Redoubt.Model;

/// <summary>Collects every diagnostic of a load, so that the operator reads all of them at once.</summary>
/// <remarks>Threads: not safe; one load, one bag.</remarks>
public sealed class DiagnosticBag
{
    private readonly List<Diagnostic> _all = [];

    /// <summary>All of them, in the order they were found.</summary>
    public IReadOnlyList<Diagnostic> All => _all;

    /// <summary>Whether a start must be refused.</summary>
    public bool HasErrors => _all.Exists(d => d.Severity == Severity.Error);

    /// <summary>Whether a file could not be read, so that nothing is known of what stands in it.</summary>
    public bool HasUnreadable { get; private set; }

    /// <summary>Adds one that was made elsewhere.</summary>
    public void Add(Diagnostic diagnostic) => _all.Add(diagnostic);

    /// <summary>Adds an error at a place.</summary>
    public void Error(string file, int line, int column, string code, string? wazuhCode, string problem, string fix) =>
        _all.Add(new Diagnostic(Severity.Error, file, line, column, code, wazuhCode, problem, fix));

    /// <summary>Adds the error that a file cannot be read.</summary>
    public void Unreadable(string file, string code, Exception why)
    {
        HasUnreadable = true;
        Error(file, 0, 0, code, "1103", $"The file cannot be read: {why.Message}", "Make it readable for this user.");
    }

    /// <summary>Adds a warning at a place.</summary>
    public void Warning(string file, int line, int column, string code, string? wazuhCode, string problem, string fix) =>
        _all.Add(new Diagnostic(Severity.Warning, file, line, column, code, wazuhCode, problem, fix));

    /// <summary>Adds a note at a place.</summary>
    public void Note(string file, int line, int column, string code, string? wazuhCode, string problem, string fix) =>
        _all.Add(new Diagnostic(Severity.Note, file, line, column, code, wazuhCode, problem, fix));
}
