namespace Redoubt.Model;

/// <summary>How much a <see cref="Diagnostic"/> weighs.</summary>
public enum Severity
{
    /// <summary>Accepted and meant so, but worth knowing.</summary>
    Note,

    /// <summary>Accepted, but part of it has no effect or is doubtful.</summary>
    Warning,

    /// <summary>Not accepted: stops a start, and leaves the running configuration in force on a reload.</summary>
    Error,
}
