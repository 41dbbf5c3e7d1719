namespace Redoubt.Collect;

/// <summary>What every kind of source is told.</summary>
public abstract record SourceOptions
{
    /// <summary>The source as configured, reported in alerts.</summary>
    public required string Location { get; init; }

    /// <summary>The <c>log_format</c>; default <c>syslog</c>. Handed on with each line.</summary>
    public string Format { get; init; } = "syslog";

    /// <summary>Whether the first start ever begins at the end of what is there; default yes. Later starts go on where the
    /// acknowledged lines end, and what appears later is read from its beginning, in either case.</summary>
    public bool OnlyFutureEvents { get; init; } = true;

    /// <summary>Which records are not sent; null, the default: all are.</summary>
    public LineFilter? Filter { get; init; }

    /// <summary>Longest line handed on, in bytes without its newline; default 65,535, from 64 to 16,777,216.</summary>
    public int MaxLineBytes { get; init; } = 65_535;

    /// <summary>Names the source in the <see cref="PositionStore"/>.</summary>
    internal abstract string Key { get; }
}
