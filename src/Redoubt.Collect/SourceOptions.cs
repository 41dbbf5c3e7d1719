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

    /// <summary>Whether records go to the sink; default yes. A source that goes to <see cref="Outputs"/> alone waits for them, its file
    /// being the queue.</summary>
    public bool GoesToSink { get; init; } = true;

    /// <summary>The form in which records go to the sink; null, the default: as they are.</summary>
    public OutputTemplate? Template { get; init; }

    /// <summary>Sockets that records go to as well; default none. What one of them does not take at once is not sent to it later, if the
    /// records go to the sink too: detection never waits for another program.</summary>
    public IReadOnlyList<OutputTarget> Outputs { get; init; } = [];

    /// <summary>Longest line handed on, in bytes without its newline; default 65,535, from 64 to 16,777,216.</summary>
    public int MaxLineBytes { get; init; } = 65_535;

    /// <summary>Names the source in the <see cref="PositionStore"/>.</summary>
    internal abstract string Key { get; }
}
