using System.Text.Json;

namespace Redoubt.Bench.Show;

/// <summary>What <c>budgets.json</c> allows: ratios within a run and bytes, never times, so that it holds on any machine.</summary>
internal sealed class Budgets
{
    private readonly Dictionary<string, Budget> _byName;

    private Budgets(Dictionary<string, Budget> byName) => _byName = byName;

    /// <exception cref="JsonException">It is no valid file of budgets.</exception>
    public static Budgets Read(string file) =>
        new(JsonSerializer.Deserialize<Dictionary<string, Budget>>(File.ReadAllBytes(file), JsonSerializerOptions.Web) ?? []);

    /// <summary>The budget of a figure, or null when it has none.</summary>
    public Budget? Of(Figure figure) => _byName.GetValueOrDefault(figure.Name);
}

/// <summary>A limit from above or from below.</summary>
internal sealed record Budget(double? AtMost, double? AtLeast)
{
    public bool Allows(double value) => !(value > AtMost) && !(value < AtLeast);

    public string Text => AtMost is { } most ? $"≤ {Report.Number(most)}" : $"≥ {Report.Number(AtLeast ?? 0)}";
}
