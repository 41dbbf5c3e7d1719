using System.Text;
using Redoubt.Engine.Decode;
using Redoubt.Engine.Match;
using Redoubt.Model;

namespace Redoubt.Engine;

/// <summary>What the engine found in one line.</summary>
/// <remarks>One object per engine, reused: valid until the next <see cref="AnalysisEngine.Analyse"/>. Threads: not safe.</remarks>
public sealed class AnalysisResult
{
    private IReadOnlyList<byte[]>? _previousLines;
    private byte[]? _previousLog;
    private readonly ByteWriter _description = new();
    private readonly TextMemo _timestamp = new();
    private readonly TextMemo _hostname = new();
    private readonly TextMemo _program = new();

    internal AnalysisResult(DecodedEvent e) => Event = e;

    /// <summary>The rule, also of level 0; null when none matched.</summary>
    public RuleSummary? Rule => Matched?.Summary;

    /// <summary>Whether an alert is to be made.</summary>
    public bool IsAlert { get; internal set; }

    /// <summary>Whether the rule was quiet because of <c>ignore</c> and its parent took its place (or, in tester mode, is shown nevertheless).</summary>
    public bool IsMuted { get; internal set; }

    /// <summary>Times the rule was the final one, this time included; 0 without a rule.</summary>
    public int FiredTimes { get; internal set; }

    /// <summary>The decoded line.</summary>
    public DecodedEvent Event { get; }

    internal Rule? Matched { get; set; }

    /// <summary>Lines over their work limit so far, this one included; 0 when this one is not.</summary>
    internal int TimesOverBudget { get; set; }

    /// <summary>Who concluded the line.</summary>
    internal AnalysisEngine? Engine { get; set; }

    /// <summary>The rule's description with fields filled in; empty without a rule.</summary>
    public string DescribeRule() => Matched?.Description.Expand(Event, _description) ?? string.Empty;

    /// <summary>Takes what an alert needs of the engine's memory, so that <see cref="ToAlert"/> may be called by another thread, at any time
    /// before the line is used anew, while the engine goes on.</summary>
    public void Detach()
    {
        _previousLines = Engine?.PreviousLines() ?? [];
        _previousLog = Engine?.PreviousLog;
    }

    internal void Clear()
    {
        (Matched, IsAlert, IsMuted, FiredTimes, TimesOverBudget) = (null, false, false, 0, 0);
        (_previousLines, _previousLog) = (null, null);
    }

    /// <summary>Makes an immutable record of the result, for alerts and for archives of all lines.</summary>
    public Alert ToAlert()
    {
        var e = Event;
        return new Alert
        {
            ArrivalUnixMilliseconds = e.ArrivalUnixMilliseconds,
            Rule = Rule,
            Description = DescribeRule(),
            FiredTimes = FiredTimes,
            Agent = e.Source.Agent,
            Location = e.LocationOverride.Exists ? Text(e.Location) : e.Source.Location,
            FullLog = e.FullLog.ToArray(),
            Timestamp = e.TimestampSpan.Exists ? _timestamp.Text(e.Timestamp) : null,
            Hostname = e.HeaderHostname.IsEmpty ? null : _hostname.Text(e.HeaderHostname),
            ProgramName = e.HasProgramName ? _program.Text(e.ProgramName) : null,
            Decoder = e.DecoderName,
            DecoderParent = e.DecoderParent,
            FtsComment = e.FtsComment,
            Accumulates = e.Accumulates,
            Fields = Fields(e),
            PreviousLines = _previousLines ?? Engine?.PreviousLines() ?? [],
            PreviousLog = _previousLines is null ? Engine?.PreviousLog : _previousLog,
            Suspicion = Engine?.Ruleset.Compatibility == Compatibility.Strict ? null : TwoSidedReading.Find(e),
        };
    }

    /// <summary>The alert about a line that used up its work limit, beside the alert of its rule; null for all other lines.</summary>
    public Alert? ToCostAlert()
    {
        if (!Event.IsOverBudget)
            return null;

        var costliest = Event.Costliest;
        return new Alert
        {
            ArrivalUnixMilliseconds = Event.ArrivalUnixMilliseconds,
            Rule = OwnRules.CostlyLine,
            Description =
                costliest.Count == 0
                    ? OwnRules.CostlyLine.Description
                    : $"{OwnRules.CostlyLine.Description}; most work: {string.Join(", ", costliest)}",
            FiredTimes = TimesOverBudget,
            Agent = Event.Source.Agent,
            Location = Event.Source.Location,
            FullLog = Event.FullLog[..Math.Min(Event.FullLog.Length, ShownOfCostlyLine)].ToArray(),
        };
    }

    // Evidence enough; all of it would let an attacker fill the disk with alerts.
    private const int ShownOfCostlyLine = 1024;

    private static AlertField[] Fields(DecodedEvent e)
    {
        var count = e.FieldCount;
        var fields = new AlertField[count];
        var shown = 0;
        for (var i = 0; i < count; i++)
        {
            // An empty field exists for rules, and is not shown.
            var field = e.Field(i);
            if (!field.Value.IsEmpty)
                fields[shown++] = new AlertField(
                    field.Static is { } known ? StaticFields.NameOf(known) : Text(field.Name),
                    field.Value.ToArray(),
                    field.IsDynamic,
                    field.IsJsonArray,
                    field.ClientText
                );
        }

        return shown == count ? fields : fields[..shown];
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);
}
