using System.CommandLine;
using Redoubt.Host;
using Redoubt.Show;

namespace Redoubt.App.Commands;

/// <summary><c>redoubt alerts show</c>: everything that is on record of one alert.</summary>
internal static class AlertsShowCommand
{
    internal static Command Create()
    {
        var home = CommonOptions.Home();
        var json = CommonOptions.Json();
        var id = new Argument<string>("id") { Description = "Id of the alert, as search and the evidence of a block tell it." };
        return Verb.Create(
            "show",
            "Show one alert with all its fields.",
            async (parsed, _) =>
            {
                var wanted = parsed.GetValue(id)!;
                CommonOptions.RefuseOptions(parsed, wanted);
                using var client = new ManagerClient(CommonOptions.PathsOf(parsed.GetValue(home)));
                var found = await client.PostAsync<AlertSearchView>("alerts/search", new AlertSearchRequest(Id: wanted));
                if (found.Alerts.Count == 0)
                    throw new StartException(
                        $"There is no alert {Terminal.Plain(wanted)} in the index. {found.Note}".TrimEnd(),
                        StartException.Refused
                    );

                if (parsed.GetValue(json))
                    Terminal.PrintJson(found.Alerts);
                else
                    Print(found.Alerts.Select(a => new AlertText(a)));

                return 0;
            },
            id,
            home,
            json
        );
    }

    private static void Print(IEnumerable<AlertText> alerts)
    {
        foreach (var alert in alerts)
        {
            var fields = alert.Fields.ToArray();
            var width = fields.Max(f => f.Path.Length);
            foreach (var (path, value) in fields)
            {
                // Lines of a record stay lines.
                foreach (var (line, number) in value.Split('\n').Select((l, i) => (l, i)))
                    Terminal.WriteRow(Console.Out, number == 0 ? path : string.Empty, line, width, indent: 0);
            }
        }
    }
}
