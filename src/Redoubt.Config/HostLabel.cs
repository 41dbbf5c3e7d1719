namespace Redoubt.Config;

/// <summary>The text of a <c>&lt;label&gt;</c> of a host.</summary>
/// <param name="Text">What is said of the host.</param>
/// <param name="IsHidden">Whether alerts do not show it: its attribute <c>hidden</c> says so, or its key begins with <c>_</c>.</param>
public sealed record HostLabel(string Text, bool IsHidden);
