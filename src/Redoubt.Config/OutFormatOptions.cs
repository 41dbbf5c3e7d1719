using Redoubt.Collect;

namespace Redoubt.Config;

/// <summary><c>out_format</c> of a <c>localfile</c>.</summary>
/// <param name="Target">The target it is for; null: every target that has none of its own.</param>
/// <param name="Template">The form.</param>
public sealed record OutFormatOptions(string? Target, OutputTemplate Template);
