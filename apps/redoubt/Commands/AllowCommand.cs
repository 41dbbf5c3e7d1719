using System.CommandLine;
using Redoubt.Host;
using Redoubt.Show;

namespace Redoubt.App.Commands;

/// <summary><c>redoubt allow add</c>, <c>list</c> and <c>remove</c>: what is never blocked, changed while everything runs.</summary>
internal static class AllowCommand
{
    internal static Command Create() => Verb.Group("allow", "See and change what is never blocked.", Add(), List(), Remove());

    private static Command Add()
    {
        var home = CommonOptions.Home();
        var json = CommonOptions.Json();
        var entry = new Argument<string>("entry") { Description = "Address, prefix, range a-b, or name." };
        var why = new Option<string>("--why") { Description = "For whoever reads it later.", DefaultValueFactory = _ => "added by hand" };
        var duration = new Option<string>("--for")
        {
            Description = "How long: 30m, 2h, 7d or forever (the default).",
            DefaultValueFactory = _ => "forever",
        };
        return Verb.Create(
            "add",
            "Protect an address at once; a running block of it is released.",
            async (parsed, _) =>
            {
                using var client = new ManagerClient(CommonOptions.PathsOf(parsed.GetValue(home)));
                var released = await client.PostAsync<BlockView[]>(
                    "allow/add",
                    new AllowRequest(
                        parsed.GetValue(entry)!,
                        Durations.Parse(parsed.GetValue(duration)!),
                        parsed.GetValue(why)!,
                        Person.Name
                    )
                );
                if (parsed.GetValue(json))
                {
                    Terminal.PrintJson(released);
                }
                else
                {
                    Console.Out.WriteLine($"{Terminal.Plain(parsed.GetValue(entry)!)} is protected.");
                    foreach (var block in released)
                        Console.Out.WriteLine($"  {block.Target}: {string.Join(", ", block.Hosts.Select(h => $"{h.State} on {h.Agent}"))}");
                }

                return 0;
            },
            entry,
            home,
            json,
            duration,
            why
        );
    }

    private static Command List()
    {
        var home = CommonOptions.Home();
        var json = CommonOptions.Json();
        return Verb.Create(
            "list",
            "List what is protected, by the configuration and by people.",
            async (parsed, _) =>
            {
                using var client = new ManagerClient(CommonOptions.PathsOf(parsed.GetValue(home)));
                var entries = await client.GetAsync<AllowView[]>("allow");
                if (parsed.GetValue(json))
                    Terminal.PrintJson(entries);
                else if (entries.Length == 0)
                    Console.Out.WriteLine("Nothing is protected but what each host must never block.");
                else
                    Terminal.PrintTable(
                        ["entry", "author", "since", "until", "why"],
                        entries.Select(e =>
                            new[]
                            {
                                e.Entry,
                                e.Author,
                                Terminal.LocalTime(e.Since),
                                e.Until is null ? "removed" : Terminal.LocalTime(e.Until),
                                e.Why,
                            }
                        )
                    );

                return 0;
            },
            home,
            json
        );
    }

    private static Command Remove()
    {
        var home = CommonOptions.Home();
        var entry = new Argument<string>("entry") { Description = "As the list shows it." };
        return Verb.Create(
            "remove",
            "Protect it no longer. What stands in the configuration is changed there.",
            async (parsed, _) =>
            {
                using var client = new ManagerClient(CommonOptions.PathsOf(parsed.GetValue(home)));
                var wanted = parsed.GetValue(entry)!;
                if (!await client.PostAsync<bool>("allow/remove", new DisallowRequest(wanted)))
                    throw new StartException(
                        $"{Terminal.Plain(wanted)} was not protected by hand. 'redoubt allow list' shows all entries.",
                        StartException.Refused
                    );

                Console.Out.WriteLine($"{Terminal.Plain(wanted)} is no longer protected.");
                return 0;
            },
            entry,
            home
        );
    }
}
