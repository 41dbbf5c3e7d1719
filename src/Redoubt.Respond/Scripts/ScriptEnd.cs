namespace Redoubt.Respond.Scripts;

/// <summary>How a response program ended.</summary>
internal enum ScriptEnd
{
    /// <summary>By itself; the exit code or signal says how.</summary>
    Exited,

    /// <summary>It gave no answer in time, and was ended.</summary>
    NoAnswer,

    /// <summary>It did not end in time, and was ended.</summary>
    Deadline,

    /// <summary>It wrote too much, and was ended.</summary>
    TooMuchOutput,

    /// <summary>The enforcer ends, so it was ended.</summary>
    Stopped,
}
