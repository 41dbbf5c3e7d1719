namespace Redoubt.Collect;

/// <summary>Tells when a spool has filled to 50, 70 or 90 %, or has no room: each once, until less than a quarter is filled.</summary>
/// <remarks>Threads: not safe.</remarks>
public sealed class SpoolGauge
{
    private const int Full = 100;
    private const int Rearmed = 25;
    private static readonly int[] Levels = [50, 70, 90];

    private int _told;

    /// <summary>Looks at the fill.</summary>
    /// <param name="bytes">Held.</param>
    /// <param name="maxBytes">Bound.</param>
    /// <param name="hasShed">Whether something found no room.</param>
    /// <returns>The level that is news: 50, 70, 90, or 100 when something found no room; null: none.</returns>
    public int? Note(long bytes, long maxBytes, bool hasShed)
    {
        var percent = (int)(bytes * 100 / maxBytes);
        var level = hasShed ? Full : Levels.LastOrDefault(l => percent >= l);
        if (level > _told)
            return _told = level;

        if (percent < Rearmed && !hasShed)
            _told = 0;

        return null;
    }
}
