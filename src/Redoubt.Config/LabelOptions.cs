namespace Redoubt.Config;

/// <summary>A <c>&lt;label&gt;</c> of a source.</summary>
/// <param name="Key">Name of the member; dots lead into objects.</param>
/// <param name="Value">Its text.</param>
public sealed record LabelOptions(string Key, string Value);
