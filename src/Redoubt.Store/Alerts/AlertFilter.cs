namespace Redoubt.Store;

/// <summary>Which alerts are looked for; what is null is not asked.</summary>
public sealed record AlertFilter
{
    /// <summary>The id of an alert.</summary>
    public string? Id { get; init; }

    /// <summary>First and last rule.</summary>
    public (int From, int To)? Rules { get; init; }

    /// <summary>Lowest and highest level.</summary>
    public (int From, int To)? Levels { get; init; }

    /// <summary>A group of the rule.</summary>
    public string? Group { get; init; }

    /// <summary>Id or name of an agent.</summary>
    public string? Agent { get; init; }

    /// <summary>Source: an address, a prefix, or the text that stands in its place.</summary>
    public string? Source { get; init; }

    /// <summary>Source user or target user.</summary>
    public string? User { get; init; }

    /// <summary>Not before, Unix milliseconds.</summary>
    public long? Since { get; init; }

    /// <summary>Before, Unix milliseconds.</summary>
    public long? Until { get; init; }

    /// <summary>A part of the line or of the description; capital and small ASCII letters are the same.</summary>
    public string? Text { get; init; }

    /// <summary>How many of the newest, at least 1.</summary>
    public int Limit { get; init; } = 100;
}
