using Redoubt.Engine.Decode;

namespace Redoubt.Engine.Match;

/// <summary><c>weekday</c>: the event arrived on one of several days, local time.</summary>
internal sealed class WeekdayCondition : Condition
{
    /// <summary>Indexed by <see cref="DayOfWeek"/>.</summary>
    public required bool[] Days { get; init; }

    public override bool Holds(DecodedEvent e, RuleContext context) => Days[(int)LocalTime.Of(e, context).DayOfWeek];
}
