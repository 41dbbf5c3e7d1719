namespace Redoubt.Bench.Show;

/// <summary>One measured number.</summary>
/// <param name="Name">As in <c>budgets.json</c>: dotted, in snake_case.</param>
/// <param name="Value">The number.</param>
/// <param name="Unit">Its unit; <c>x</c> for ratios.</param>
internal sealed record Figure(string Name, double Value, string Unit);
