using System.Text.RegularExpressions;

namespace Redoubt.Tests.EndToEnd.BadInput;

/// <summary>What a message to the person at the keyboard looks like.</summary>
internal static partial class Messages
{
    /// <summary>It says something, in a few lines, and is no stack trace.</summary>
    internal static void AssertShort(string error)
    {
        Assert.False(string.IsNullOrWhiteSpace(error), "Expected a message on standard error.");
        Assert.DoesNotMatch(StackFrame(), error);
        Assert.InRange(error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length, 1, 4);
    }

    [GeneratedRegex(@"^\s+at \w+\.", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex StackFrame();
}
