using System.CommandLine;
using System.Globalization;
using Redoubt.Host;
using Redoubt.Show;

namespace Redoubt.App.Commands;

// What people decide themselves: add, extend, promote, and the whole story of one block.
internal static partial class BlocksCommand
{
    private const string UsualDuration = "1h";

    private static Command Add()
    {
        var home = CommonOptions.Home();
        var json = CommonOptions.Json();
        var target = new Argument<string>("target") { Description = "Address or prefix." };
        var duration = For($"How long: 90s, 30m, 2h, 7d or forever; default {UsualDuration}.");
        var hosts = new Option<string[]>("--host") { Description = "Id or name of an agent; may repeat." };
        var groups = new Option<string[]>("--group") { Description = "All agents of a group; may repeat." };
        var fleet = new Option<bool>("--fleet") { Description = "All agents." };
        var why = new Option<string>("--why")
        {
            Description = "For whoever reads the ledger later.",
            DefaultValueFactory = _ => "blocked by hand",
        };
        var force = new Option<bool>("--force") { Description = "Also when the white list protects the target." };
        return Verb.Create(
            "add",
            "Block an address or a prefix.",
            async (parsed, _) =>
            {
                var request = new AddBlockRequest(
                    parsed.GetValue(target)!,
                    Durations.Parse(parsed.GetValue(duration)!),
                    parsed.GetValue(hosts) ?? [],
                    parsed.GetValue(groups) ?? [],
                    parsed.GetValue(fleet),
                    parsed.GetValue(why)!,
                    Person.Name,
                    parsed.GetValue(force)
                );
                using var client = new ManagerClient(CommonOptions.PathsOf(parsed.GetValue(home)));
                return Tell(await client.PostAsync<BlockView>("blocks/add", request), parsed.GetValue(json));
            },
            target,
            home,
            json,
            duration,
            hosts,
            groups,
            fleet,
            why,
            force
        );
    }

    private static Command Extend()
    {
        var home = CommonOptions.Home();
        var json = CommonOptions.Json();
        var target = new Argument<string>("target") { Description = "Address, prefix, or the block's id." };
        var duration = For("How long from now on: 90s, 30m, 2h, 7d or forever. A block never gets shorter by it.");
        duration.DefaultValueFactory = null;
        duration.Required = true;
        return Verb.Create(
            "extend",
            "Give a block more time; no repeated-offender step is taken.",
            async (parsed, _) =>
            {
                var request = new ExtendBlockRequest(parsed.GetValue(target)!, Durations.Parse(parsed.GetValue(duration)!), Person.Name);
                using var client = new ManagerClient(CommonOptions.PathsOf(parsed.GetValue(home)));
                return Tell(await client.PostAsync<BlockView>("blocks/extend", request), parsed.GetValue(json));
            },
            target,
            home,
            json,
            duration
        );
    }

    private static Command Promote()
    {
        var home = CommonOptions.Home();
        var json = CommonOptions.Json();
        var target = new Argument<string?>("target")
        {
            Description = "Address, prefix, or the entry's id.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var all = new Option<bool>("--all") { Description = "Everything that was observed and has not run out." };
        var force = new Option<bool>("--force") { Description = "Also when a recent login by key protects the target." };
        return Verb.Create(
            "promote",
            "Block what observe mode has only recorded.",
            async (parsed, _) =>
            {
                if (parsed.GetValue(target) is null != parsed.GetValue(all))
                    throw new StartException("Name a target, or say --all.", StartException.Usage);

                using var client = new ManagerClient(CommonOptions.PathsOf(parsed.GetValue(home)));
                var promoted = await client.PostAsync<BlockView[]>(
                    "blocks/promote",
                    new PromoteRequest(parsed.GetValue(target), Person.Name, parsed.GetValue(force))
                );
                if (parsed.GetValue(json))
                    Terminal.PrintJson(promoted);
                else
                    Print(promoted, "Nothing of that was observed.");

                return promoted.Length > 0 && promoted.All(IsEnforced) ? 0 : StartException.Refused;
            },
            target,
            home,
            json,
            all,
            force
        );
    }

    private static Command ReleaseBurst()
    {
        var home = CommonOptions.Home();
        var json = CommonOptions.Json();
        var keep = new Option<bool>("--keep") { Description = "Only block again from now on; the blocks of the burst stay." };
        return Verb.Create(
            "release-burst",
            "Undo a burst: release what it blocked, and block again from now on.",
            async (parsed, _) =>
            {
                using var client = new ManagerClient(CommonOptions.PathsOf(parsed.GetValue(home)));
                var released = await client.PostAsync<BlockView[]>("blocks/release-burst", new BurstRequest(parsed.GetValue(keep)));
                if (parsed.GetValue(json))
                    Terminal.PrintJson(released);
                else
                    Print(released, "The breaker is closed; nothing had to be released.");

                return 0;
            },
            home,
            json,
            keep
        );
    }

    private static Command Show()
    {
        var home = CommonOptions.Home();
        var json = CommonOptions.Json();
        var target = new Argument<string>("target") { Description = "Address, prefix, or the block's id." };
        return Verb.Create(
            "show",
            "Tell everything about the newest block of a target.",
            async (parsed, _) =>
            {
                using var client = new ManagerClient(CommonOptions.PathsOf(parsed.GetValue(home)));
                var wanted = parsed.GetValue(target)!;
                var block = (await client.GetAsync<BlockView[]>("blocks?history=true")).LastOrDefault(b =>
                    b.Target == wanted || Number(b.Id) == wanted
                );
                if (block is null)
                    throw new StartException(
                        $"There is no block of {Terminal.Plain(wanted)} among the newest 1000.",
                        StartException.Refused
                    );

                if (parsed.GetValue(json))
                    Terminal.PrintJson([block]);
                else
                    PrintStory(block);

                return 0;
            },
            target,
            home,
            json
        );
    }

    private static Option<string> For(string description) =>
        new("--for") { Description = description, DefaultValueFactory = _ => UsualDuration };

    private static bool IsEnforced(BlockView block) => block.Hosts.All(h => h.State == "enforced");

    private static int Tell(BlockView block, bool json)
    {
        if (json)
            Terminal.PrintJson([block]);
        else
            Print([block], string.Empty);

        foreach (var host in block.Hosts.Where(h => h.State is "decided" or "sent"))
            Console.Error.WriteLine($"redoubt blocks: agent {host.Agent} has not answered yet; it blocks when it is connected.");

        return IsEnforced(block) ? 0 : StartException.Refused;
    }

    private static void PrintStory(BlockView block)
    {
        Line("target", block.Target.Length > 0 ? block.Target : block.User ?? "-");
        Line("why", block.Description);
        Line("author", block.Author == "rule" ? Invariant($"rule {block.Rule}, alert {block.AlertId}") : block.Author);
        Line("response", block.Response);
        Line("since", Invariant($"{Terminal.LocalTime(block.Start)}, asked for {block.Triggers} times"));
        Line(
            "until",
            block.End is null ? "it is removed" : $"{Terminal.LocalTime(block.End)} ({Terminal.Duration(block.RemainingS)} left)"
        );
        foreach (var host in block.Hosts)
            Line(
                $"on {host.Agent}",
                Invariant($"{host.State} since {Terminal.LocalTime(host.At)}, offence step {host.Step}")
                    + (host.Reason is null ? string.Empty : $": {host.Reason}")
            );

        foreach (var line in block.Evidence)
            Line("line", line);
    }

    private static void Line(string name, string text) => Console.Out.WriteLine($"{name, -9} {Terminal.Plain(text)}");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
