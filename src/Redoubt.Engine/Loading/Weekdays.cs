namespace Redoubt.Engine.Loading;

/// <summary>Reads the day lists of rules.</summary>
internal static class Weekdays
{
    private static readonly string[] Names = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

    /// <param name="text">Names or their first three letters, <c>weekdays</c>, <c>weekends</c>, separated by commas or blanks.</param>
    /// <param name="days">Indexed by <see cref="DayOfWeek"/>.</param>
    public static bool TryParse(string text, out bool[] days)
    {
        days = new bool[7];
        var words = text.Split([',', ' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries);
        foreach (var word in words)
        {
            if (word.Equals("weekdays", StringComparison.OrdinalIgnoreCase))
                Array.Fill(days, true, 1, 5);
            else if (word.Equals("weekends", StringComparison.OrdinalIgnoreCase))
                days[0] = days[6] = true;
            else if (Array.FindIndex(Names, n => IsName(n, word)) is var day and >= 0)
                days[day] = true;
            else
                return false;
        }

        return words.Length > 0;
    }

    private static bool IsName(string name, string word) =>
        name.Equals(word, StringComparison.OrdinalIgnoreCase) || name[..3].Equals(word, StringComparison.OrdinalIgnoreCase);
}
