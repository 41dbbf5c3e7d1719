using Redoubt.Engine.Decode;

namespace Redoubt.Engine.Match;

/// <summary><c>time</c>: the event arrived within a part of the day, local time, both ends included.</summary>
internal sealed class TimeCondition : Condition
{
    /// <summary>First minute of the day, 0 to 1439.</summary>
    public required int FromMinute { get; init; }

    /// <summary>Last minute; before the first one when the range goes over midnight.</summary>
    public required int ToMinute { get; init; }

    public required bool IsNegated { get; init; }

    public override bool Holds(DecodedEvent e, RuleContext context)
    {
        var local = LocalTime.Of(e, context);
        var minute = (local.Hour * 60) + local.Minute;
        var isInside = FromMinute <= ToMinute ? minute >= FromMinute && minute <= ToMinute : minute >= FromMinute || minute <= ToMinute;
        return isInside != IsNegated;
    }
}
