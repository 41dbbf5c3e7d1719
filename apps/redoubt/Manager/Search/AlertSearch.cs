using System.Text.Json;
using Redoubt.Show;
using Redoubt.Store;

namespace Redoubt.App.Manager;

/// <summary>Answers what the API asks of the index of alerts.</summary>
internal static class AlertSearch
{
    /// <exception cref="RequestRefusedException">No index is kept.</exception>
    internal static AlertSearchView Run(AlertIndexer index, AlertSearchRequest request)
    {
        if (!index.IsWanted)
            throw new RequestRefusedException("No index of alerts is kept: <alert_index_days> is 0.", isUsage: false);

        var found = index.Search(FilterOf(request));
        return new AlertSearchView([.. found.Select(r => JsonSerializer.Deserialize<JsonElement>(r))], index.Note);
    }

    private static AlertFilter FilterOf(AlertSearchRequest request) =>
        new()
        {
            Id = request.Id,
            Rules = Range(request.RuleFrom, request.RuleTo),
            Levels = Range(request.LevelFrom, request.LevelTo),
            Group = request.Group,
            Agent = request.Agent,
            Source = request.Source,
            User = request.User,
            Since = request.Since,
            Until = request.Until,
            Text = request.Text,
            Limit = request.Limit,
        };

    private static (int From, int To)? Range(int? from, int? to) => from is null && to is null ? null : (from ?? 0, to ?? int.MaxValue);
}
