namespace Redoubt.Tests.Architecture;

/// <summary>The direction of dependencies: stages know the shared words, never each other; only the programs know all.</summary>
public class DependencyTests
{
    // A project may reference what stands to the right of it, and nothing else.
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Redoubt.Model"] = [],
        ["Redoubt.Patterns"] = ["Redoubt.Model"],
        ["Redoubt.Collect"] = ["Redoubt.Model", "Redoubt.Patterns"],
        ["Redoubt.Transport"] = ["Redoubt.Model"],
        ["Redoubt.Engine"] = ["Redoubt.Model", "Redoubt.Patterns"],
        ["Redoubt.Decide"] = ["Redoubt.Model", "Redoubt.Patterns"],
        ["Redoubt.Respond"] = ["Redoubt.Model"],
        ["Redoubt.Record"] = ["Redoubt.Model"],
        ["Redoubt.Store"] = ["Redoubt.Model"],
        ["Redoubt.Show"] = ["Redoubt.Model"],
        ["Redoubt.Host"] = ["Redoubt.Model"],
        ["Redoubt.Config"] =
        [
            "Redoubt.Model",
            "Redoubt.Patterns",
            "Redoubt.Collect",
            "Redoubt.Decide",
            "Redoubt.Respond",
            "Redoubt.Record",
            "Redoubt.Transport",
        ],
    };

    [Fact]
    public void Every_project_of_the_flow_references_only_what_the_table_allows()
    {
        var wrong = new List<string>();
        foreach (var (project, references) in Sources.Projects("src"))
        {
            if (!Allowed.TryGetValue(project, out var allowed))
                wrong.Add($"{project} is not in the table: decide what it may know.");
            else
                wrong.AddRange(references.Except(allowed).Select(r => $"{project} must not reference {r}."));
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void The_program_that_holds_the_privilege_never_reaches_the_engine()
    {
        var reached = Reached("redoubt-enforcer");

        Assert.DoesNotContain("Redoubt.Engine", reached);
        Assert.DoesNotContain("Redoubt.Patterns", reached);
        Assert.DoesNotContain("Redoubt.Transport", reached);
    }

    [Fact]
    public void The_agent_reaches_neither_the_ledger_of_the_manager_nor_its_console()
    {
        var reached = Reached("redoubt-agent");

        Assert.DoesNotContain("Redoubt.Store", reached);
        Assert.DoesNotContain("Redoubt.Show", reached);
    }

    [Fact]
    public void No_project_of_the_flow_references_a_program_a_test_the_lab_or_the_bench()
    {
        var outside = Sources
            .Projects("apps")
            .Concat(Sources.Projects("tests"))
            .Concat(Sources.Projects("lab"))
            .Concat(Sources.Projects("bench"))
            .Select(p => p.Key)
            .ToHashSet(StringComparer.Ordinal);

        Assert.All(Sources.Projects("src"), p => Assert.DoesNotContain(p.Value, outside.Contains));
    }

    private static HashSet<string> Reached(string program)
    {
        var all = Sources.Projects("apps").Concat(Sources.Projects("src")).ToDictionary(StringComparer.Ordinal);
        var reached = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>([program]);
        while (open.TryPop(out var project))
        {
            foreach (var reference in all.GetValueOrDefault(project, []))
            {
                if (reached.Add(reference))
                    open.Push(reference);
            }
        }

        return reached;
    }
}
