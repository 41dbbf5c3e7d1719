namespace Redoubt.Respond.Scripts;

/// <summary>How long a response program may take and how much it may say.</summary>
/// <remarks>Source: active-response.md 2.5 [D].</remarks>
internal sealed record ScriptLimits
{
    /// <summary>The longest first line that is taken for an answer, without its newline.</summary>
    internal const int MaxAnswerBytes = 8191;

    /// <summary>What is kept of standard error: its end.</summary>
    internal const int ErrorTailBytes = 2048;

    /// <summary>The longest time that anybody may configure.</summary>
    internal static readonly TimeSpan LongestDeadline = TimeSpan.FromHours(1);

    /// <summary>From the start to the line with the keys, or to the end of the output. Default 10 s.</summary>
    internal TimeSpan Answer { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>From the start to the end. Default 60 s; <c>&lt;deadline&gt;</c> of the command.</summary>
    internal TimeSpan Whole { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Bytes of standard output and error together. Default 1 MiB.</summary>
    internal int MaxOutputBytes { get; init; } = 1024 * 1024;
}
