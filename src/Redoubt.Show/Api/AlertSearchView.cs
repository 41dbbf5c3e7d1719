using System.Text.Json;

namespace Redoubt.Show;

/// <summary>What a search found.</summary>
/// <param name="Alerts">As in <c>alerts.json</c>, the newest first.</param>
/// <param name="Note">What may be missing, for people; null: nothing.</param>
public sealed record AlertSearchView(IReadOnlyList<JsonElement> Alerts, string? Note);
