using System.Globalization;
using Redoubt.Collect.Files;

namespace Redoubt.Collect;

/// <summary>What a template knows beside the record.</summary>
/// <param name="time">Gives the time at which a record is sent, and the zone it is written in.</param>
/// <param name="hostAddress">Gives the host's main address.</param>
internal sealed class OutputSurroundings(TimeProvider time, Func<string> hostAddress)
{
    internal Func<string> HostAddress => hostAddress;

    /// <summary>Now, in a form of <c>strftime</c>; an empty one gives <c>Mmm dd hh:mm:ss</c>.</summary>
    internal string Timestamp(string form)
    {
        var now = TimeZoneInfo.ConvertTime(time.GetUtcNow(), time.LocalTimeZone);
        return form.Length > 0
            ? DateCodes.Expand(form, now)
            : string.Create(CultureInfo.InvariantCulture, $"{now:MMM} {now.Day, 2} {now:HH:mm:ss}");
    }
}
