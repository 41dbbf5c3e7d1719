namespace Redoubt.Respond.Scripts;

/// <summary>What is said to a response program, and what it has to say.</summary>
internal sealed record ScriptTalk
{
    /// <summary>Written to its standard input at once.</summary>
    public ReadOnlyMemory<byte> Opening { get; init; }

    /// <summary>Answers a line of its output: what to write, after which its input is closed; null to wait for another line. Null for a program that is not listened to: its input is closed after the opening.</summary>
    public Func<byte[], byte[]?>? Answer { get; init; }

    /// <summary>Gets its standard output where nobody answers it; null: it is thrown away.</summary>
    public List<byte>? Output { get; init; }

    /// <summary>Whether it has to say something, or end its output, within the time for an answer.</summary>
    public bool MustAnswer { get; init; }
}
