using System.CommandLine;
using System.Globalization;
using Redoubt.App.Rules;
using Redoubt.App.Rules.Testing;
using Redoubt.Engine;
using Redoubt.Host;

namespace Redoubt.App.Commands;

/// <summary><c>redoubt rules test</c>: runs files of rule tests; exit code 1 when one fails.</summary>
internal static class RulesTestCommand
{
    internal static Command Create()
    {
        var choice = new RulesetChoice();
        var json = CommonOptions.Json();
        var files = new Argument<string[]>("FILE")
        {
            Description = "Files of tests (.ini as Wazuh has them, or .jsonl), or folders of them.",
            Arity = ArgumentArity.OneOrMore,
        };
        var hostile = new Option<int>("--hostile")
        {
            Description =
                "Fill the messages of the files with so many texts that imitate them, and look whom the rules take for the source.",
            HelpName = "N",
        };
        hostile.Validators.Add(result =>
        {
            if (
                !int.TryParse(
                    result.Tokens is [.., var last] ? last.Value : null,
                    NumberStyles.None,
                    CultureInfo.InvariantCulture,
                    out var texts
                ) || texts is < 1 or > 10_000_000
            )
                result.AddError("--hostile takes a number from 1 to 10000000.");
        });
        return Verb.Create(
            "test",
            "Run tests of rules.",
            (parsed, _) =>
            {
                CommonOptions.RefuseOptions(parsed, parsed.GetValue(files)!);
                if (parsed.GetResult(hostile) is not null)
                    return Task.FromResult(
                        TryHostile(choice.Load(parsed).Ruleset, parsed.GetValue(files)!, parsed.GetValue(hostile), parsed.GetValue(json))
                    );

                var warnings = new List<string>();
                var tests = RuleTestFiles.Read(parsed.GetValue(files)!, warnings);
                foreach (var warning in warnings)
                    Console.Error.WriteLine(Terminal.Plain(warning));

                var runner = new RuleTestRunner(choice.Load(parsed).Ruleset, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
                var asJson = parsed.GetValue(json);
                var failed = 0;
                foreach (var test in tests)
                {
                    var result = runner.Run(test);
                    failed += result.Passed ? 0 : 1;
                    if (asJson)
                        PrintJson(result);
                    else if (!result.Passed)
                        Print(result);
                }

                if (asJson)
                    Terminal.PrintJson([
                        new
                        {
                            type = "summary",
                            tests = tests.Count,
                            passed = tests.Count - failed,
                            failed,
                        },
                    ]);
                else
                    Console.Out.WriteLine(Inv($"{tests.Count} tests: {tests.Count - failed} passed, {failed} failed"));

                return Task.FromResult(failed > 0 || tests.Count == 0 ? StartException.Refused : 0);
            },
            [json, .. choice.Options, hostile, files]
        );
    }

    private static int TryHostile(Ruleset ruleset, IEnumerable<string> paths, int texts, bool json)
    {
        var run = new HostileRun(ruleset);
        var results = RuleTestFiles.ReadHostile(paths).Select((message, i) => run.Try(message, texts, seed: i * 8)).ToList();
        foreach (var result in results.Where(r => r.Problems.Count > 0 && !json))
        {
            Console.Out.WriteLine(Terminal.Plain($"FAILED {result}"));
            foreach (var problem in result.Problems)
                Console.Out.WriteLine("  " + Terminal.Plain(problem));
        }

        if (json)
            Terminal.PrintJson(results);
        else
            Console.Out.WriteLine(
                Inv(
                    $"{results.Count} messages, {texts} texts each: {results.Sum(r => r.ThirdParty)} third parties taken for the source; {results.Sum(r => r.Unnamed)} lines name nobody"
                )
            );

        return results.Count == 0 || results.Exists(r => r.ThirdParty > 0) ? StartException.Refused : 0;
    }

    private static void Print(RuleTestResult result)
    {
        var test = result.Test;
        Console.Out.WriteLine(
            Terminal.Plain(
                Inv($"FAILED {test.File}:{test.Line} {(test.Section.Length > 0 ? $"[{test.Section}] " : string.Empty)}{test.Name}")
            )
        );
        foreach (var problem in result.Problems)
            Console.Out.WriteLine("  " + Terminal.Plain(problem));

        Console.Out.WriteLine("  line: " + Terminal.Plain(System.Text.Encoding.UTF8.GetString(test.Lines[^1])));
    }

    private static void PrintJson(RuleTestResult result) =>
        Terminal.PrintJson([
            new
            {
                type = "test",
                file = result.Test.File,
                line = result.Test.Line,
                section = result.Test.Section,
                name = result.Test.Name,
                passed = result.Passed,
                expected = new
                {
                    rule = result.Test.Rules.GetValueOrDefault(result.Test.Lines.Count - 1),
                    level = result.Test.Level,
                    decoder = result.Test.Decoder,
                    differs = result.Test.MustDiffer,
                },
                actual = new
                {
                    rule = result.Rule,
                    level = result.Level,
                    decoder = result.Decoder,
                },
                problems = result.Problems,
            },
        ]);

    private static string Inv(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
