namespace Redoubt.Lab;

/// <summary>How a program on a lab host ended.</summary>
/// <param name="ExitCode">Its exit status; 128 + n after signal n.</param>
/// <param name="Output">Standard output, complete.</param>
/// <param name="Error">Standard error, complete.</param>
public sealed record CommandResult(int ExitCode, string Output, string Error)
{
    /// <summary>Whether the exit status is 0.</summary>
    public bool Succeeded => ExitCode == 0;

    /// <summary>Status and both outputs on a few lines, for messages of failed tests.</summary>
    public override string ToString() => $"exit {ExitCode}\n{Output}{Error}".TrimEnd();
}
