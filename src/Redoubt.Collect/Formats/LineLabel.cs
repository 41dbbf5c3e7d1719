namespace Redoubt.Collect;

/// <summary>A member that is added to every JSON line of a source.</summary>
/// <param name="Key">Its name; dots lead into objects.</param>
/// <param name="Value">Its text.</param>
public sealed record LineLabel(string Key, string Value);
