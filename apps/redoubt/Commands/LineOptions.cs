using System.CommandLine;
using Redoubt.App.Replay;
using Redoubt.Config;
using Redoubt.Host;
using Redoubt.Model;

namespace Redoubt.App.Commands;

/// <summary>Options of tools that read log lines: their format, and the year and zone of times that name none.</summary>
internal sealed class LineOptions
{
    private readonly Option<string> _format = new("--format")
    {
        Description = "Log format of the lines: syslog, json, eventchannel …",
        DefaultValueFactory = _ => "syslog",
    };
    private readonly Option<int?> _year = new("--year") { Description = "Year of times without one; default: this year." };
    private readonly Option<string?> _timezone = new("--timezone") { Description = "Zone of times without one; default: this host's." };

    /// <summary>The options, for a verb.</summary>
    internal Symbol[] Options => [_format, _year, _timezone];

    /// <summary>How lines of the format reach the engine.</summary>
    internal LineKind KindOf(ParseResult parsed)
    {
        var format = parsed.GetValue(_format)!.ToLowerInvariant();
        if (!LogFormats.IsKnown(format))
            throw new StartException(
                $"There is no log format '{Terminal.Plain(format)}'. Write syslog, json or eventchannel.",
                StartException.Usage
            );

        return string.Equals(format, "eventchannel", StringComparison.Ordinal) ? LineKind.EventChannel : LineKind.Log;
    }

    /// <summary>A clock that reads what lines tell.</summary>
    internal LoggedClock ClockOf(ParseResult parsed)
    {
        var year = parsed.GetValue(_year) ?? TimeProvider.System.GetLocalNow().Year;
        return year is < 1970 or > 9998
            ? throw new StartException($"{year} is no year that a log can be of.", StartException.Usage)
            : new LoggedClock(year, ZoneOf(parsed));
    }

    /// <summary>The zone of times without one.</summary>
    internal TimeZoneInfo ZoneOf(ParseResult parsed)
    {
        if (parsed.GetValue(_timezone) is not { } name)
            return TimeZoneInfo.Local;

        return TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone)
            ? zone
            : throw new StartException(
                $"There is no time zone '{Terminal.Plain(name)}'. Write a name such as UTC or Europe/Berlin.",
                StartException.Usage
            );
    }
}
