using Redoubt.Decide;

namespace Redoubt.Tests.Decide.Budget;

public class BlockBudgetTests
{
    private const long Start = 1_000_000_000;
    private static readonly string[] One = ["001"];

    [Fact]
    public void Scenario_80_blocking_stops_at_the_limit_and_one_answer_explains_it()
    {
        var budget = new BlockBudget(new BudgetOptions { PerHost = 500 });

        var answers = Enumerable.Range(0, 1000).Select(i => budget.Ask($"10.0.{i / 250}.{i % 250}", One, Start + (i * 10))).ToArray();

        Assert.Equal(500, answers.Count(a => a.Reason is null));
        Assert.Equal(500, Array.FindIndex(answers, a => a.Reason is not null));
        Assert.Single(answers, a => a.Opened);
        Assert.Contains("more than 500 new targets a minute on host 001", answers[^1].Reason, StringComparison.Ordinal);
        Assert.Equal(One, budget.Open(Start + 10_000));
    }

    [Fact]
    public void A_target_that_comes_again_within_the_minute_costs_nothing()
    {
        var budget = new BlockBudget(new BudgetOptions { PerHost = 2 });
        Assert.All(Enumerable.Range(0, 100), i => Assert.Null(budget.Ask($"10.0.0.{i % 2}", One, Start + i).Reason));

        Assert.NotNull(budget.Ask("10.0.0.9", One, Start + 100).Reason);
        Assert.Null(budget.Ask("10.0.0.1", One, Start + 101).Reason);
    }

    [Fact]
    public void The_window_slides_and_hosts_count_apart()
    {
        var budget = new BlockBudget(new BudgetOptions { PerHost = 2 });
        Assert.Null(budget.Ask("10.0.0.1", One, Start).Reason);
        Assert.Null(budget.Ask("10.0.0.2", One, Start + 30_000).Reason);
        Assert.Null(budget.Ask("10.0.0.3", One, Start + BlockBudget.WindowMilliseconds).Reason);
        Assert.Null(budget.Ask("10.0.0.4", ["002"], Start + BlockBudget.WindowMilliseconds).Reason);
        Assert.NotNull(budget.Ask("10.0.0.5", One, Start + BlockBudget.WindowMilliseconds + 1).Reason);
    }

    [Fact]
    public void The_fleet_has_a_budget_of_its_own()
    {
        var budget = new BlockBudget(new BudgetOptions { PerHost = 10, Fleet = 3 });
        var answers = Enumerable.Range(1, 5).Select(i => budget.Ask($"10.0.0.{i}", [$"00{i}"], Start + i)).ToArray();
        Assert.Equal(3, answers.Count(a => a.Reason is null));
        Assert.Contains("on the fleet", answers[3].Reason, StringComparison.Ordinal);
        Assert.True(answers[3].Opened);
        Assert.False(answers[4].Opened);
    }

    [Fact]
    public void The_breaker_stays_open_while_the_flood_goes_on_and_closes_when_it_is_over()
    {
        var budget = new BlockBudget(new BudgetOptions { PerHost = 1 });
        Assert.Null(budget.Ask("10.0.0.1", One, Start).Reason);
        Assert.True(budget.Ask("10.0.0.2", One, Start + 1).Opened);

        // Nine minutes later the window is empty, but the breaker has not forgotten.
        Assert.NotNull(budget.Ask("10.0.0.3", One, Start + 540_000).Reason);
        Assert.NotNull(budget.Ask("10.0.0.4", One, Start + 1_080_000).Reason);
        Assert.Null(budget.Ask("10.0.0.5", One, Start + 1_680_001).Reason);
    }

    [Fact]
    public void A_person_closes_it_and_learns_when_the_burst_began()
    {
        var budget = new BlockBudget(new BudgetOptions { PerHost = 1 });
        Assert.Null(budget.Close(Start));
        budget.Ask("10.0.0.1", One, Start);
        budget.Ask("10.0.0.2", One, Start + 500);

        Assert.Equal(Start + 500 - BlockBudget.WindowMilliseconds, budget.Close(Start + 1000));
        Assert.Empty(budget.Open(Start + 1000));
        Assert.Null(budget.Ask("10.0.0.2", One, Start + 1001).Reason);
    }

    [Fact]
    public void Zero_is_no_limit()
    {
        var budget = new BlockBudget(new BudgetOptions { PerHost = 0, Fleet = 0 });
        Assert.All(Enumerable.Range(0, 10_000), i => Assert.Null(budget.Ask($"t{i}", One, Start).Reason));
    }
}
