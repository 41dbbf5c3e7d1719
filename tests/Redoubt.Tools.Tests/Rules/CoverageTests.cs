namespace Redoubt.Tests.Tools.Rules;

public class CoverageTests
{
    private static readonly string Root = FindRoot();

    [Fact]
    public async Task The_page_of_the_documentation_says_what_the_rules_cover_now()
    {
        var made = (await Tool.RunAsync("rules", "coverage", "--tests", Path.Combine(Root, "ruleset/tests"), "--markdown")).Ends(0).Output;
        var page = Path.Combine(Root, "docs/reference/coverage.md");
        if (Environment.GetEnvironmentVariable("REDOUBT_GOLDEN") == "1")
            await File.WriteAllTextAsync(page, made);

        Assert.Equal(made, await File.ReadAllTextAsync(page));
    }

    [Fact]
    public async Task Each_service_is_an_object_with_its_counts()
    {
        var services = (await Tool.RunAsync("rules", "coverage", "--json")).Ends(0).Objects;

        var sshd = services.Single(s => s.GetProperty("service").GetString() == "sshd");
        Assert.True(sshd.GetProperty("failure").GetInt32() > 2);
        Assert.True(sshd.GetProperty("bruteForce").GetInt32() > 2);
        Assert.Equal(0, sshd.GetProperty("tests").GetInt32());
        Assert.Equal(services.Count, services.Select(s => s.GetProperty("service").GetString()).Distinct().Count());
    }

    [Fact]
    public async Task Tests_that_are_not_there_are_told() => (await Tool.RunAsync("rules", "coverage", "--tests", "/nowhere")).Ends(3);

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Redoubt.slnx")))
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("The tests do not stand in a checkout.");

        return folder;
    }
}
