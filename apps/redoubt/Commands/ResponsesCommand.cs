using System.CommandLine;
using System.Globalization;
using Redoubt.App.Responses;
using Redoubt.Config;
using Redoubt.Decide;
using Redoubt.Host;
using Redoubt.Model;

namespace Redoubt.App.Commands;

/// <summary><c>redoubt responses list|test</c>.</summary>
internal static class ResponsesCommand
{
    internal static Command Create() => Verb.Group("responses", "Look at responses, and rehearse one.", List(), Test(), Inside());

    private static Command List()
    {
        var home = CommonOptions.Home();
        var json = CommonOptions.Json();
        return Verb.Create(
            "list",
            "Tell which responses the configuration has, what they act on, and what starts them.",
            (parsed, _) =>
            {
                var responses = Read(parsed.GetValue(home)).Decide.Responses;
                if (parsed.GetValue(json))
                    Terminal.PrintJson(responses.Select(View));
                else if (responses.Count == 0)
                    Console.Out.WriteLine("The configuration has no response.");
                else
                    Terminal.PrintTable(["name", "does", "acts on", "where", "for", "starts at", "mode"], responses.Select(Row));

                return Task.FromResult(0);
            },
            home,
            json
        );
    }

    private static Command Test()
    {
        var home = CommonOptions.Home();
        var json = CommonOptions.Json();
        var name = new Argument<string>("name") { Description = "A response or command of the configuration, or a stock response." };
        return Verb.Create(
            "test",
            $"Run one response against {ResponseRehearsal.Target} in a private network, and undo it (root).",
            async (parsed, cancellation) =>
            {
                var wanted = parsed.GetValue(name)!;
                CommonOptions.RefuseOptions(parsed, wanted);
                var response =
                    TestedResponse.Find(wanted, Read(parsed.GetValue(home)))
                    ?? throw new StartException(
                        $"There is no response '{Terminal.Plain(wanted)}'. 'redoubt responses list' shows those of the configuration.",
                        StartException.Usage
                    );
                if (response.WhyNotRehearsed is { } why)
                    throw new StartException($"{response.Executable} {why}", StartException.Refused);

                await using var sandbox = await Sandbox.StartAsync(CommonOptions.PathsOf(parsed.GetValue(home)), cancellation);
                var isJson = parsed.GetValue(json);
                var rehearsal = new ResponseRehearsal(sandbox.Client, response, step => Tell(step, isJson));
                return await rehearsal.RunAsync(cancellation) ? 0 : StartException.Refused;
            },
            name,
            home,
            json
        );
    }

    private static Command Inside()
    {
        var folder = new Argument<string>("folder");
        var command = Verb.Create(
            Sandbox.InsideVerb,
            "Part of test.",
            (parsed, _) => Task.FromResult(Sandbox.Enter(parsed.GetValue(folder)!)),
            folder
        );
        command.Hidden = true;
        return command;
    }

    private static Configuration Read(string? home)
    {
        CommonOptions.RequireFolders([home]);
        var diagnostics = new DiagnosticBag();
        var configuration = ConfigurationReader.ReadFile(CommonOptions.PathsOf(home).ConfigurationFile, diagnostics);
        return diagnostics.All.FirstOrDefault(d => d.Severity == Severity.Error) is { } error
            ? throw new StartException($"{error} 'redoubt check' shows all problems.", StartException.ExitCodeOf(diagnostics))
            : configuration;
    }

    private static void Tell(ResponseStep step, bool json)
    {
        if (json)
            Terminal.PrintJson([step]);
        else
            Console.Out.WriteLine(
                $"{(step.Ok ? "ok  " : "NO  ")} {step.Step, -16} {step.Outcome}{(step.Detail is { } d ? ": " + Terminal.Plain(d) : string.Empty)} ({step.TookMs.ToString(CultureInfo.InvariantCulture)} ms)"
            );
    }

    private static object View(ActiveResponseOptions response) =>
        new
        {
            name = response.InternalName,
            executable = response.Command.Executable,
            back_end = KnownResponses.BackEndOf(response.Command.Executable),
            acts_on = ActsOn(response),
            hosts = HostsOf(response),
            seconds = response.TimeoutSeconds,
            level = response.Level,
            by_group = response.RulesGroup is not null,
            rules = response.RuleIds.Order().ToArray(),
            mode = response.Mode,
        };

    private static string[] Row(ActiveResponseOptions response) =>
        [
            response.InternalName,
            KnownResponses.BackEndOf(response.Command.Executable) is { } backEnd
                ? $"{response.Command.Executable} ({backEnd})"
                : response.Command.Executable,
            ActsOn(response),
            string.Join(", ", HostsOf(response)),
            response.TimeoutSeconds == 0 ? "until removed" : Terminal.Duration(response.TimeoutSeconds),
            StartsAt(response),
            response.Mode == ResponseMode.Observe ? "observe" : "enforce",
        ];

    private static string ActsOn(ActiveResponseOptions response) =>
        KnownResponses.ActsOnAddress(response.Command.Executable) ? "source"
        : KnownResponses.ActsOnSomethingElse(response.Command.Executable) ? "something else"
        : "its own choice";

    private static string[] HostsOf(ActiveResponseOptions response) =>
        [
            .. new[] { (ResponseHosts.Local, "local"), (ResponseHosts.Server, "server"), (ResponseHosts.All, "all") }
                .Where(h => response.Hosts.HasFlag(h.Item1))
                .Select(h => h.Item2),
            .. response.AgentIds,
            .. response.GroupNames.Select(g => "group:" + g),
        ];

    private static string StartsAt(ActiveResponseOptions response)
    {
        string?[] parts =
        [
            response.Level > 0 ? FormattableString.Invariant($"level {response.Level}") : null,
            response.RulesGroup is not null ? "its group" : null,
            response.RuleIds.Count > 0
                ? "rule " + string.Join(", ", response.RuleIds.Order().Select(i => i.ToString(CultureInfo.InvariantCulture)))
                : null,
        ];
        var told = string.Join(" or ", parts.OfType<string>());
        return told.Length == 0 ? "never" : told;
    }
}
