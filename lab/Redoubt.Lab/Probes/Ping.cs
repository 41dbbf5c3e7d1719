using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace Redoubt.Lab;

/// <summary>Echo requests from one lab host to another, with the machine's <c>ping</c>.</summary>
public static partial class Ping
{
    /// <summary>Sends echo requests 20 ms apart and tells how many got lost.</summary>
    /// <param name="from">The sender.</param>
    /// <param name="to">The address asked.</param>
    /// <param name="count">How many.</param>
    /// <returns>Loss in percent, 0 to 100, and the summary line of <c>ping</c>.</returns>
    public static async Task<(double LossPercent, string Summary)> SendAsync(LabHost from, IPAddress to, int count = 5)
    {
        var result = await from.RunAsync(
            "ping",
            "-n",
            "-q",
            "-c",
            count.ToString(CultureInfo.InvariantCulture),
            "-i",
            "0.02",
            "-W",
            "0.3",
            to.ToString()
        );
        var match = LossPattern().Match(result.Output);
        if (!match.Success)
            throw new InvalidOperationException($"ping from {from.Name} to {to}: {result}");

        return (double.Parse(match.Groups["percent"].Value, CultureInfo.InvariantCulture), match.Value);
    }

    [GeneratedRegex(
        @"\d+ packets transmitted, \d+ received, (?:\+\d+ errors, )?(?<percent>[\d.]+)% packet loss",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex LossPattern();
}
