using System.Globalization;

namespace Redoubt.Lab;

/// <summary>What a <see cref="FaultRun"/> came to.</summary>
/// <param name="Options">What was asked for.</param>
/// <param name="Struck">Faults by kind.</param>
/// <param name="Lost">Numbers of lines without an alert.</param>
/// <param name="Doubled">Numbers of lines with more than one.</param>
/// <param name="Unbalanced">Agents whose lines do not add up: received = processed + duplicates + shed.</param>
/// <param name="Elapsed">Time from the first fault to the last line.</param>
public sealed record FaultReport(
    FaultOptions Options,
    IReadOnlyDictionary<FaultKind, int> Struck,
    IReadOnlyList<int> Lost,
    IReadOnlyList<int> Doubled,
    IReadOnlyList<string> Unbalanced,
    TimeSpan Elapsed
)
{
    private const int Shown = 20;

    /// <summary>Whether each line counted exactly once.</summary>
    public bool Holds => Lost.Count == 0 && Doubled.Count == 0 && Unbalanced.Count == 0;

    /// <summary>All of it in a few lines.</summary>
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"""
            seed {Options.Seed}: {Options.Lines:N0} lines, {Struck.Values.Sum():N0} faults in {Elapsed.TotalSeconds:N0} s ({string.Join(
                ", ",
                Struck.OrderBy(s => s.Key).Select(s => $"{s.Key} {s.Value}")
            )})
            lost {Numbers(Lost)}
            counted twice {Numbers(Doubled)}
            unbalanced {(Unbalanced.Count == 0 ? "0" : string.Join("; ", Unbalanced))}
            """
        );

    // Neighbours as one range: what is lost, is lost in pieces.
    private static string Numbers(IReadOnlyList<int> numbers)
    {
        if (numbers.Count == 0)
            return "0";

        var ranges = new List<(int First, int Last)>();
        foreach (var number in numbers)
        {
            if (ranges.Count > 0 && ranges[^1].Last == number - 1)
                ranges[^1] = (ranges[^1].First, number);
            else
                ranges.Add((number, number));
        }

        var shown = ranges.Take(Shown).Select(r => string.Create(CultureInfo.InvariantCulture, $"{r.First} to {r.Last}"));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{numbers.Count:N0}: {string.Join(", ", shown)}{(ranges.Count > Shown ? ", …" : "")}"
        );
    }
}
