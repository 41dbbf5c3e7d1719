using System.CommandLine;
using System.Security.Cryptography;
using Redoubt.Lab;

namespace Redoubt.Bench.Commands;

/// <summary><c>faults</c>: numbered lines while processes are killed and stopped, the link fails and logs are rotated; each must count exactly once.</summary>
/// <remarks>Needs root, and builds nothing: the programs of the checkout are run. About one and a half seconds a fault.</remarks>
internal static class FaultsCommand
{
    public static Command Create()
    {
        var faults = new Option<int>("--faults")
        {
            Description = "Faults.",
            DefaultValueFactory = _ => 1000,
            HelpName = "N",
        };
        var lines = new Option<int>("--lines")
        {
            Description = "Numbered lines.",
            DefaultValueFactory = _ => 1_000_000,
            HelpName = "N",
        };
        var seed = new Option<int?>("--seed") { Description = "Repeats the faults of another run.", HelpName = "N" };
        faults.Validators.Add(r => CheckLeast(r, 1));
        lines.Validators.Add(r => CheckLeast(r, FaultOptions.FewestLines));
        var command = new Command("faults", "Kill, stop, cut and rotate while numbered lines come: each must count exactly once (root).")
        {
            faults,
            lines,
            seed,
        };
        command.SetAction(
            (parsed, _) =>
                RunAsync(
                    new FaultOptions(
                        parsed.GetValue(faults),
                        parsed.GetValue(lines),
                        parsed.GetValue(seed) ?? RandomNumberGenerator.GetInt32(int.MaxValue)
                    )
                )
        );
        return command;
    }

    private static async Task<int> RunAsync(FaultOptions options)
    {
        if (LabNetwork.WhyImpossible() is { } reason)
        {
            Console.Error.WriteLine(reason);
            return 3;
        }

        Console.Out.WriteLine($"seed {options.Seed}");
        await using var lab = await LabNetwork.CreateAsync();
        var report = await FaultRun.RunAsync(lab, options, Console.Error.WriteLine);
        Console.Out.WriteLine(report);
        return report.Holds ? 0 : 1;
    }

    private static void CheckLeast(System.CommandLine.Parsing.OptionResult result, int least)
    {
        if (result.Tokens is [{ Value: var text }] && int.TryParse(text, out var value) && value < least)
            result.AddError($"{result.Option.Name} {text} is less than {least}");
    }
}
