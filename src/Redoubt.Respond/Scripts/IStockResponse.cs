namespace Redoubt.Respond.Scripts;

/// <summary>One response of our own that is no matter of the firewall.</summary>
/// <remarks>Called on a thread of its own, for one target at a time; may block for as long as its tools may take.</remarks>
internal interface IStockResponse
{
    /// <summary>The names it is known by.</summary>
    IReadOnlyList<string> Names { get; }

    /// <summary>Whether it is undone at the end of its time.</summary>
    bool IsUndone { get; }

    /// <summary>What it acts on, as it stands in keys and log.</summary>
    /// <param name="order">The request.</param>
    /// <param name="problem">Why it cannot act on what the request names; null when it can.</param>
    string Subject(Order order, out string? problem);

    /// <summary>Does it.</summary>
    StockResult Add(Order order, string subject, CancellationToken stopping);

    /// <summary>Undoes it.</summary>
    StockResult Delete(Order order, string subject, CancellationToken stopping);
}
