using System.CommandLine;
using Redoubt.Host;
using Redoubt.Show;

namespace Redoubt.App.Commands;

/// <summary><c>redoubt blocks</c>.</summary>
internal static partial class BlocksCommand
{
    internal static Command Create() =>
        Verb.Group(
            "blocks",
            "See and change what is blocked.",
            List(),
            Show(),
            Add(),
            Extend(),
            Promote(),
            ReleaseBurst(),
            Remove(),
            Clear()
        );

    private static Command List()
    {
        var home = CommonOptions.Home();
        var json = CommonOptions.Json();
        var history = new Option<bool>("--history") { Description = "The newest 1000 of all time, also those that are over." };
        return Verb.Create(
            "list",
            "List blocks, and what was skipped or only observed.",
            async (parsed, _) =>
            {
                using var client = new ManagerClient(CommonOptions.PathsOf(parsed.GetValue(home)));
                var blocks = await client.GetAsync<BlockView[]>(parsed.GetValue(history) ? "blocks?history=true" : "blocks");
                if (parsed.GetValue(json))
                    Terminal.PrintJson(blocks);
                else
                    Print(blocks, "Nothing is blocked.");

                return 0;
            },
            home,
            json,
            history
        );
    }

    private static Command Remove()
    {
        var home = CommonOptions.Home();
        var json = CommonOptions.Json();
        var target = new Argument<string>("target") { Description = "Address, prefix, or the block's id." };
        var keep = new Option<bool>("--keep-step") { Description = "Keep the repeated-offender step (the default)." };
        var forget = new Option<bool>("--forget") { Description = "Forget it: the next offence counts as the first." };
        return Verb.Create(
            "remove",
            "Release a block on all its hosts.",
            async (parsed, _) =>
            {
                if (parsed.GetValue(keep) && parsed.GetValue(forget))
                    throw new StartException("--keep-step and --forget exclude each other.", StartException.Usage);

                return await RemoveAsync(parsed.GetValue(home), parsed.GetValue(json), parsed.GetValue(target), parsed.GetValue(forget));
            },
            target,
            home,
            json,
            keep,
            forget
        );
    }

    private static Command Clear()
    {
        var home = CommonOptions.Home();
        var json = CommonOptions.Json();
        var all = new Option<bool>("--all") { Description = "Yes, all of them.", Required = true };
        var forget = new Option<bool>("--forget") { Description = "Forget the repeated-offender steps too." };
        return Verb.Create(
            "clear",
            "Release every block on every host.",
            (parsed, _) => RemoveAsync(parsed.GetValue(home), parsed.GetValue(json), null, parsed.GetValue(forget)),
            home,
            json,
            all,
            forget
        );
    }

    private static async Task<int> RemoveAsync(string? home, bool json, string? target, bool forget)
    {
        using var client = new ManagerClient(CommonOptions.PathsOf(home));
        var removed = await client.PostAsync<BlockView[]>("blocks/remove", new RemoveRequest(target, forget));
        if (json)
            Terminal.PrintJson(removed);
        else
            Print(removed, target is null ? "Nothing is blocked." : $"{Terminal.Plain(target)} is not blocked.");

        var open = removed.SelectMany(b => b.Hosts).Where(h => h.State != "released").ToArray();
        foreach (var host in open)
            await Console.Error.WriteLineAsync(
                $"redoubt blocks: agent {host.Agent} has not confirmed yet ({host.State}); it releases when it is connected."
            );

        return (target is not null && removed.Length == 0) || open.Length > 0 ? StartException.Refused : 0;
    }

    private static void Print(BlockView[] blocks, string none)
    {
        if (blocks.Length == 0)
        {
            Console.Out.WriteLine(none);
            return;
        }

        Terminal.PrintTable(
            ["target", "state", "ends in", "step", "rule", "hosts", "id", "why"],
            blocks.Select(b =>
                new[]
                {
                    SubjectOf(b),
                    StateOf(b),
                    Terminal.Duration(b.RemainingS),
                    Number(b.Step),
                    Number(b.Rule),
                    string.Join(' ', b.Hosts.Select(h => h.Agent)),
                    Number(b.Id),
                    b.Description,
                }
            )
        );
        foreach (
            var (block, host) in blocks.SelectMany(b =>
                b.Hosts.Where(h => h.Reason is not null && h.State is "failed" or "skipped").Select(h => (b, h))
            )
        )
            Console.Out.WriteLine($"  {SubjectOf(block)} on {host.Agent}: {host.State}, {Terminal.Plain(host.Reason ?? string.Empty)}");
    }

    // What a response acts on is not always an address.
    private static string SubjectOf(BlockView block) =>
        block.Target.Length > 0 ? block.Target
        : block.User is { Length: > 0 } user ? $"user {Terminal.Plain(user)}"
        : block.Response;

    private static string StateOf(BlockView block) => string.Join('/', block.Hosts.Select(h => h.State).Distinct(StringComparer.Ordinal));

    private static string Number(long number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
