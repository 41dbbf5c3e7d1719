namespace Redoubt.Show;

/// <summary>The manager does not do what was asked; the message says why, and what to do.</summary>
/// <param name="message">For the person who asked.</param>
/// <param name="isUsage">Whether the question was wrong, rather than the answer "no".</param>
public sealed class RequestRefusedException(string message, bool isUsage) : Exception(message)
{
    /// <summary>Whether the question was wrong.</summary>
    public bool IsUsage { get; } = isUsage;
}
