using System.CommandLine;
using Redoubt.App.Manager;
using Redoubt.Config;
using Redoubt.Host;
using Redoubt.Show;

namespace Redoubt.App.Commands;

/// <summary><c>redoubt groups</c>: agents that share a configuration.</summary>
/// <remarks>A group is a folder of <c>etc/shared</c>. The manager has given root away and may not write there, so the folder is made and removed by
/// whoever types; the manager sees it by itself.</remarks>
internal static class GroupsCommand
{
    internal static Command Create() =>
        Verb.Group("groups", "See and change the groups of agents, and who is in them.", List(), Add(), Remove(), Assign());

    private static Command List()
    {
        var home = CommonOptions.Home();
        var json = CommonOptions.Json();
        return Verb.Create(
            "list",
            "List the groups, their agents, and what is wrong with their files.",
            async (parsed, _) =>
            {
                using var client = new ManagerClient(CommonOptions.PathsOf(parsed.GetValue(home)));
                var groups = await client.GetAsync<GroupView[]>("groups");
                if (parsed.GetValue(json))
                {
                    Terminal.PrintJson(groups);
                    return 0;
                }

                Terminal.PrintTable(["group", "agents", "file"], groups.Select(g => new[] { g.Name, AgentsOf(g), Words(g) }));
                foreach (var problem in groups.SelectMany(g => g.Problems))
                    Console.Out.WriteLine($"  {Terminal.Plain(problem.ToString())}");

                return 0;
            },
            home,
            json
        );
    }

    private static Command Add()
    {
        var home = CommonOptions.Home();
        var json = CommonOptions.Json();
        var name = Name();
        return Verb.Create(
            "add",
            "Make a group, with a file for its configuration.",
            (parsed, _) =>
            {
                var (folder, file) = PlaceOf(CommonOptions.PathsOf(parsed.GetValue(home)), parsed.GetValue(name)!);
                if (Directory.Exists(folder))
                    throw new StartException($"There is a group '{parsed.GetValue(name)}' already: {folder}", StartException.Refused);

                Write(
                    folder,
                    () =>
                    {
                        Directory.CreateDirectory(folder);
                        File.SetUnixFileMode(
                            folder,
                            ReadableByAll | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute
                        );
                        File.WriteAllText(file, SharedConfigurations.TemplateFor(parsed.GetValue(name)!));
                        File.SetUnixFileMode(file, ReadableByAll);
                    }
                );
                if (parsed.GetValue(json))
                    Terminal.PrintJson([new { Name = parsed.GetValue(name), File = file }]);
                else
                    Console.Out.WriteLine($"Group {parsed.GetValue(name)} is made. What its agents shall read: {file}");

                return Task.FromResult(0);
            },
            name,
            home,
            json
        );
    }

    private static Command Remove()
    {
        var home = CommonOptions.Home();
        var json = CommonOptions.Json();
        var name = Name();
        return Verb.Create(
            "remove",
            "Take all agents out of a group, and remove it with its file.",
            async (parsed, _) =>
            {
                var paths = CommonOptions.PathsOf(parsed.GetValue(home));
                var group = parsed.GetValue(name)!;
                var (folder, file) = PlaceOf(paths, group);
                if (!Directory.Exists(folder))
                    throw new StartException($"There is no group '{group}'.", StartException.Refused);

                if (Directory.EnumerateFileSystemEntries(folder).FirstOrDefault(e => e != file) is { } other)
                    throw new StartException(
                        $"The group's folder holds more than its file: {other}. Move it away first.",
                        StartException.Refused
                    );

                using var client = new ManagerClient(paths);
                var members = await client.PostAsync<AgentView[]>("groups/remove", new GroupRequest(group));
                Write(
                    folder,
                    () =>
                    {
                        File.Delete(file);
                        Directory.Delete(folder);
                    }
                );
                if (parsed.GetValue(json))
                    Terminal.PrintJson([new { Name = group, Agents = members.Select(m => m.Id) }]);
                else
                    Console.Out.WriteLine(
                        $"Group {group} is removed; {members.Length} {(members.Length == 1 ? "agent was" : "agents were")} in it."
                    );

                return 0;
            },
            name,
            home,
            json
        );
    }

    private static Command Assign()
    {
        var home = CommonOptions.Home();
        var json = CommonOptions.Json();
        var agent = new Argument<string>("agent") { Description = "Its id or name." };
        var groups = new Argument<string[]>("group")
        {
            Description = "In the order in which their files are read.",
            Arity = ArgumentArity.OneOrMore,
        };
        var append = new Option<bool>("--append") { Description = "Keep the groups it is in; these come behind them." };
        return Verb.Create(
            "assign",
            "Put an agent into these groups and no others.",
            async (parsed, _) =>
            {
                using var client = new ManagerClient(CommonOptions.PathsOf(parsed.GetValue(home)));
                var view = await client.PostAsync<AgentView>(
                    "groups/assign",
                    new AssignRequest(
                        parsed.GetValue(agent)!,
                        [.. parsed.GetValue(groups)!.SelectMany(g => g.Split(',', StringSplitOptions.TrimEntries))],
                        parsed.GetValue(append)
                    )
                );
                if (parsed.GetValue(json))
                    Terminal.PrintJson([view]);
                else
                    Console.Out.WriteLine($"Agent {view.Id} ({Terminal.Plain(view.Name)}) is in {string.Join(", ", view.Groups)}.");

                return 0;
            },
            agent,
            groups,
            home,
            json,
            append
        );
    }

    private const UnixFileMode ReadableByAll =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private static Argument<string> Name() => new("group") { Description = "The group's name." };

    private static (string Folder, string File) PlaceOf(HomePaths paths, string group)
    {
        if (!FleetNames.IsGroup(group))
            throw new StartException(FleetNames.GroupRule, StartException.Usage);

        var folder = Path.Combine(paths.Shared, group);
        return (folder, Path.Combine(folder, "agent.conf"));
    }

    private static void Write(string folder, Action work)
    {
        try
        {
            work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException(
                $"{folder} cannot be changed: {e.Message} Be root, or the owner of the home.",
                StartException.Unreachable
            );
        }
    }

    private static string AgentsOf(GroupView group) => group.Agents.Count == 0 ? "-" : string.Join(' ', group.Agents);

    private static string Words(GroupView group) =>
        group.Valid ? group.File
        : group.Sha256 is null ? $"{group.File} has errors; its agents keep what they have"
        : $"{group.File} has errors; what was valid before is in force";
}
