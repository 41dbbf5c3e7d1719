namespace Redoubt.Model;

/// <summary>A block that a person asked for.</summary>
/// <param name="Target">Address or prefix.</param>
/// <param name="Seconds">How long from now on; 0 = until someone removes it.</param>
/// <param name="Why">For whoever reads the ledger later.</param>
/// <param name="Author"><c>person:NAME</c>.</param>
/// <param name="AlertId">What responses get in place of an alert's id: 1 to 64 letters, digits and <c>.-_</c>.</param>
public sealed record ManualBlock(BlockTarget Target, long Seconds, string Why, string Author, string AlertId)
{
    /// <summary>The program that carries it out.</summary>
    public const string Executable = "firewall-drop";
}
