using Redoubt.Model;

namespace Redoubt.Host;

/// <summary>A start that cannot go on: one message for the person who started it, and the exit code.</summary>
/// <remarks>The message says what, where, and what to do; it is printed without a stack trace.</remarks>
public sealed class StartException : Exception
{
    /// <summary>The answer is "no", or a check failed.</summary>
    public const int Refused = 1;

    /// <summary>Wrong usage.</summary>
    public const int Usage = 2;

    /// <summary>Something cannot be reached or read.</summary>
    public const int Unreachable = 3;

    /// <summary>What diagnostics come to: unreadable files, other errors, or 0.</summary>
    public static int ExitCodeOf(DiagnosticBag diagnostics) =>
        diagnostics.HasUnreadable ? Unreachable
        : diagnostics.HasErrors ? Refused
        : 0;

    /// <summary>Makes one.</summary>
    public StartException(string message, int exitCode)
        : base(message) => ExitCode = exitCode;

    /// <summary>What the process ends with.</summary>
    public int ExitCode { get; }
}
