using System.Collections;
using System.Text;

namespace Redoubt.Store;

/// <summary>A filter as a statement. The text is made of constants only, values are parameters.</summary>
internal sealed class AlertQuery
{
    private readonly StringBuilder _where = new();
    private readonly List<object?> _values = [];

    internal AlertQuery(AlertFilter filter)
    {
        if (filter.Id is not null)
            Add("id = {0}", filter.Id);

        // The second that an id begins with is the alert's own: no other needs to be looked at.
        if (long.TryParse(filter.Id?.Split('.')[0], out var second) && second is >= 0 and < 1L << 40)
            Add("at BETWEEN {0} AND {1}", second * 1000, (second * 1000) + 999);

        if (filter.Rules is { } rules)
            AddRange("rule", rules.From, rules.To);

        if (filter.Levels is { } levels)
            AddRange("level", levels.From, levels.To);

        if (filter.Group is not null)
            Add("instr(groups, {0}) > 0", $",{filter.Group},");

        if (filter.Agent is not null)
            Add("(agent = {0} OR agent_name = {0})", filter.Agent);

        if (filter.Source is not null)
        {
            var (first, last) = SourceKey.RangeOf(filter.Source);
            AddRange("source", first, last);
        }

        if (filter.User is not null)
            Add("(source_user = {0} OR target_user = {0})", filter.User);

        if (filter.Since is not null)
            Add("at >= {0}", filter.Since);

        if (filter.Until is not null)
            Add("at < {0}", filter.Until);

        if (filter.Text is not null)
            Add("text LIKE {0} ESCAPE '\\'", $"%{Escape(filter.Text)}%");

        _values.Add(filter.Limit);
    }

    internal string Sql =>
        $"SELECT bytes FROM alert JOIN record USING (n) WHERE TRUE{_where} ORDER BY at DESC, n DESC LIMIT @{(_values.Count - 1).ToString(System.Globalization.CultureInfo.InvariantCulture)}";

    internal object?[] Values => [.. _values];

    // One value has an index in the order of time; several would have to be sorted.
    private void AddRange<T>(string column, T first, T last)
    {
        if (StructuralComparisons.StructuralEqualityComparer.Equals(first, last))
            Add(column + " = {0}", first);
        else
            Add(column + " BETWEEN {0} AND {1}", first, last);
    }

    private void Add(string condition, params object?[] values)
    {
        var names = values.Select((_, i) => (object)$"@{_values.Count + i}").ToArray();
        _where.Append(" AND ").AppendFormat(System.Globalization.CultureInfo.InvariantCulture, condition, names);
        _values.AddRange(values);
    }

    private static string Escape(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("%", "\\%", StringComparison.Ordinal)
            .Replace("_", "\\_", StringComparison.Ordinal);
}
