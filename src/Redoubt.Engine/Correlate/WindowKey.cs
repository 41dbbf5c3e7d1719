namespace Redoubt.Engine.Correlate;

/// <summary>A keyed hash of the values that make two events count together.</summary>
/// <remarks>128 bits under a secret of this process: equal keys mean equal values, also when an attacker chooses them.</remarks>
internal readonly record struct WindowKey(ulong High, ulong Low);
