using System.Text;

namespace Redoubt.Lab;

/// <summary>One thing a client says, and what it waits for before.</summary>
/// <param name="After">Text that must have come since the last turn; empty: say it at once.</param>
/// <param name="Say">The bytes; none: only wait.</param>
public sealed record Turn(string After, byte[] Say)
{
    /// <summary>A turn in text; each character is one byte.</summary>
    public Turn(string after, string say)
        : this(after, Encoding.Latin1.GetBytes(say)) { }
}
