using System.Globalization;
using Redoubt.Host;

namespace Redoubt.App.Commands;

/// <summary>Numbers as options name them: <c>7</c>, <c>7-10</c>, <c>7-</c> or <c>-10</c>; both ends included.</summary>
internal readonly record struct NumberRange(int From, int To)
{
    /// <summary>Reads the text of an option; null means every number.</summary>
    /// <exception cref="StartException">It is none of the forms.</exception>
    internal static NumberRange Parse(string? text, string option)
    {
        if (text is null)
            return new NumberRange(0, int.MaxValue);

        var ends = text.Split('-');
        return
            ends.Length <= 2
            && text is not ("" or "-")
            && Number(ends[0], 0) is { } from
            && Number(ends[^1], int.MaxValue) is { } to
            && from <= to
            ? new NumberRange(from, to)
            : throw new StartException(
                $"'{Terminal.Plain(text)}' is no range for {option}. Write 7, 7-10, 7- or -10.",
                StartException.Usage
            );
    }

    internal bool Contains(int number) => number >= From && number <= To;

    private static int? Number(string text, int whenEmpty) =>
        text.Length == 0 ? whenEmpty
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : null;
}
