using System.Diagnostics;

namespace Redoubt.Lab;

/// <summary>Waiting for what no event announces: looks again every few milliseconds until a deadline.</summary>
public static class Wait
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(15);

    /// <summary>Waits until the condition holds.</summary>
    /// <param name="condition">Looked at again and again; cheap.</param>
    /// <param name="what">What is waited for, as a sentence without full stop: for the message.</param>
    /// <param name="within">Longest wait.</param>
    /// <exception cref="TimeoutException">It did not come true in time.</exception>
    public static Task UntilAsync(Func<bool> condition, string what, TimeSpan within) =>
        UntilAsync(() => Task.FromResult(condition()), what, within);

    /// <inheritdoc cref="UntilAsync(Func{bool}, string, TimeSpan)"/>
    public static async Task UntilAsync(Func<Task<bool>> condition, string what, TimeSpan within) =>
        await ForAsync(async () => await condition() ? "" : null, what, within);

    /// <summary>Waits until there is a value.</summary>
    /// <param name="look">Gives the value, or null when it is not there yet.</param>
    /// <param name="what">What is waited for, for the message.</param>
    /// <param name="within">Longest wait.</param>
    public static async Task<T> ForAsync<T>(Func<Task<T?>> look, string what, TimeSpan within)
        where T : class
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            if (await look() is { } value)
                return value;

            if (Stopwatch.GetElapsedTime(start) > within)
                throw new TimeoutException($"Expected within {within.TotalSeconds} s: {what}.");

            await Task.Delay(Interval);
        }
    }

    /// <summary>Waits for a line of a file that the check accepts; the file may not exist yet.</summary>
    public static Task<string> ForLineAsync(string file, Func<string, bool> check, string what, TimeSpan within) =>
        ForAsync(async () => (await LinesAsync(file)).FirstOrDefault(check), $"{what} (in {file})", within);

    /// <summary>The complete lines of a file now; none when it does not exist.</summary>
    public static async Task<string[]> LinesAsync(string file)
    {
        if (!File.Exists(file))
            return [];

        // Sharing everything: the default would take a lock that disturbs the program writing the file.
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream);
        var text = await reader.ReadToEndAsync();
        var end = text.LastIndexOf('\n');
        return end < 0 ? [] : text[..end].Split('\n');
    }
}
