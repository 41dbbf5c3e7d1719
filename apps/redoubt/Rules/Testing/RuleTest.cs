namespace Redoubt.App.Rules.Testing;

/// <summary>A test of rules: lines that arrive in a fresh run, and what must come of them.</summary>
internal sealed record RuleTest
{
    internal required string File { get; init; }

    /// <summary>Line of the file where it stands, from 1.</summary>
    internal required int Line { get; init; }

    /// <summary>Section of the file; empty where files have none.</summary>
    internal string Section { get; init; } = string.Empty;

    internal required string Name { get; init; }

    /// <summary>In the order of their arrival.</summary>
    internal required IReadOnlyList<byte[]> Lines { get; init; }

    /// <summary>Second at which each line arrives.</summary>
    internal required IReadOnlyList<int> Arrivals { get; init; }

    /// <summary>Agent and location of the lines are those of a host in the fleet; else of the log tester.</summary>
    internal bool IsOfAgent { get; init; }

    /// <summary>Wanted rule of a line by its number; null: none; missing: not judged.</summary>
    internal IReadOnlyDictionary<int, int?> Rules { get; init; } = new Dictionary<int, int?>();

    /// <summary>Whether the level of the last line is judged.</summary>
    internal bool JudgesLevel { get; init; }

    /// <summary>Wanted level of the last line; null: none, for a line without a rule.</summary>
    internal int? Level { get; init; }

    /// <summary>Wanted decoder of the last line; empty: none; null: not judged.</summary>
    internal string? Decoder { get; init; }

    /// <summary>Fields that the last line must have.</summary>
    internal IReadOnlyList<KeyValuePair<string, string>> Fields { get; init; } = [];

    /// <summary>Fields that it must not have.</summary>
    internal IReadOnlyList<string> Absent { get; init; } = [];

    /// <summary>Rule in which it must not end; null: not judged.</summary>
    internal int? Near { get; init; }

    /// <summary>The rules it is about: those it wants, and the one it just misses.</summary>
    internal IEnumerable<int> About => Rules.Values.OfType<int>().Concat(Near is { } near ? [near] : []);

    /// <summary>What is written and can never be, such as a rule that is no number; null for nothing of that kind.</summary>
    internal string? Impossible { get; init; }

    /// <summary>Something must be different from what is written: a <c>fail</c> line of an ini file.</summary>
    internal bool MustDiffer { get; init; }
}
