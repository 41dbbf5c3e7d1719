namespace Redoubt.Bench.Measure;

/// <summary>Something that does a piece of work again and again, and what each time cost.</summary>
internal abstract class Lane(string name)
{
    public string Name { get; } = name;

    /// <summary>Processor nanoseconds a line, one number a round.</summary>
    public List<double> Costs { get; } = [];

    public double MedianCost => Median(Costs);

    /// <summary>What one round in ten undercuts: the nearest to an idle machine that a busy one gives.</summary>
    public double QuietCost => Costs.Order().ElementAt(Costs.Count / 10);

    /// <summary>Works on so many further lines.</summary>
    public abstract void Run(int lines);

    /// <summary>Lets lanes work in turn, a piece each, so that a machine that slows down slows all of them down.</summary>
    public static void TakeTurns(IReadOnlyList<Lane> lanes, int rounds, int linesPerRound)
    {
        for (var round = 0; round < rounds; round++)
        {
            foreach (var lane in lanes)
            {
                var before = CpuClock.Seconds;
                lane.Run(linesPerRound);
                lane.Costs.Add((CpuClock.Seconds - before) * 1e9 / linesPerRound);
            }
        }
    }

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[sorted.Length / 2] + sorted[(sorted.Length - 1) / 2]) / 2;
    }
}
