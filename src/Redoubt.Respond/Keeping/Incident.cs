using System.Globalization;

namespace Redoubt.Respond.Keeping;

/// <summary>A difference between what was asked for and what the firewall held, and what came of it.</summary>
/// <param name="Number">Grows by one; the first one of an enforcer is its start in Unix milliseconds, so that numbers never come back.</param>
/// <param name="Text">One line for people.</param>
/// <param name="Restored">Blocks that were missing, or would have ended too early, and are back.</param>
/// <param name="Lost">Blocks that could not be put back yet; the attempt is repeated.</param>
internal sealed record Incident(long Number, string Text, int Restored, int Lost)
{
    /// <summary>Puts the line together.</summary>
    internal static string Describe(string firewall, string? author, string? mended, int restored, int lost, string? reason, TimeSpan took)
    {
        var parts = new List<string>(3);
        if (mended is not null)
            parts.Add(mended);
        if (restored > 0)
            parts.Add(restored == 1 ? "1 block was missing and is back" : $"{restored} blocks were missing and are back");
        if (lost > 0)
            parts.Add($"{(lost == 1 ? "1 block is" : $"{lost} blocks are")} missing and could not be put back: {reason}");

        var by = author is null ? "" : $" by {author}";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{firewall} was changed{by}: {string.Join("; ", parts)} ({took.TotalMilliseconds:0} ms)"
        );
    }
}
