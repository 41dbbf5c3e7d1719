using System.Globalization;
using System.Text;

namespace Redoubt.Respond.Scripts;

/// <summary>What came of one run of a response program.</summary>
internal sealed record ScriptResult
{
    /// <summary>How it ended.</summary>
    public required ScriptEnd End { get; init; }

    /// <summary>Its exit code; null when a signal ended it, or when nobody knows.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The signal that ended it; 0 when none did.</summary>
    public int Signal { get; init; }

    /// <summary>Whether it wrote anything to standard output.</summary>
    public bool Spoke { get; init; }

    /// <summary>Whether it was given its answer.</summary>
    public bool IsAnswered { get; init; }

    /// <summary>The end of what it wrote to standard error, one line of plain text; empty when it wrote nothing.</summary>
    public string ErrorText { get; init; } = "";

    /// <summary>How long it ran.</summary>
    public TimeSpan Took { get; init; }

    /// <summary>The limits that held.</summary>
    public required ScriptLimits Limits { get; init; }

    /// <summary>Whether it did what it was asked: it ended by itself, with exit code 0.</summary>
    internal bool Succeeded => End == ScriptEnd.Exited && ExitCode == 0;

    /// <summary>One line for people.</summary>
    internal string Summary
    {
        get
        {
            var milliseconds = ((long)Took.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
            var text = End switch
            {
                ScriptEnd.NoAnswer => $"gave no answer within {Seconds(Limits.Answer)} s and was ended",
                ScriptEnd.Deadline => $"did not end within {Seconds(Limits.Whole)} s and was ended",
                ScriptEnd.TooMuchOutput =>
                    $"wrote more than {Limits.MaxOutputBytes.ToString(CultureInfo.InvariantCulture)} bytes and was ended",
                ScriptEnd.Stopped => "was ended because the enforcer ends",
                _ when ExitCode is { } code => $"exit {code.ToString(CultureInfo.InvariantCulture)} after {milliseconds} ms",
                _ when Signal > 0 => $"ended by signal {Signal.ToString(CultureInfo.InvariantCulture)} after {milliseconds} ms",
                _ => $"ended after {milliseconds} ms; its exit code is not known",
            };
            return ErrorText.Length == 0 ? text : $"{text}: {ErrorText}";
        }
    }

    /// <summary>Bytes of a program as one line of text: what could steer a terminal or end a line becomes a blank.</summary>
    internal static string OneLine(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        foreach (var c in Encoding.UTF8.GetString(bytes))
        {
            if (!char.IsControl(c) && c is not ('\u2028' or '\u2029'))
                text.Append(c);
            else if (text.Length > 0 && text[^1] != ' ')
                text.Append(' ');
        }

        return text.ToString().Trim();
    }

    private static string Seconds(TimeSpan span) => span.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);
}
