using System.Text;
using Redoubt.Engine.Decode;
using Redoubt.Engine.Match;
using Redoubt.Model;

namespace Redoubt.Engine;

/// <summary>What the engine found in one line.</summary>
/// <remarks>One object per engine, reused: valid until the next <see cref="AnalysisEngine.Analyse"/>. Threads: not safe.</remarks>
public sealed class AnalysisResult
{
    private readonly AnalysisEngine _engine;

    internal AnalysisResult(AnalysisEngine engine, DecodedEvent e)
    {
        _engine = engine;
        Event = e;
    }

    /// <summary>The rule, also of level 0; null when none matched.</summary>
    public RuleSummary? Rule => Matched?.Summary;

    /// <summary>Whether an alert is to be made.</summary>
    public bool IsAlert { get; internal set; }

    /// <summary>Whether the rule was quiet because of <c>ignore</c> and its parent took its place (or, in tester mode, is shown nevertheless).</summary>
    public bool IsMuted { get; internal set; }

    /// <summary>Times the rule was the final one, this time included; 0 without a rule.</summary>
    public int FiredTimes { get; internal set; }

    /// <summary>The decoded line.</summary>
    public DecodedEvent Event { get; internal set; }

    internal Rule? Matched { get; set; }

    /// <summary>The rule's description with fields filled in; empty without a rule.</summary>
    public string DescribeRule() => Matched?.Description.Expand(Event) ?? string.Empty;

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
            Timestamp = e.TimestampSpan.Exists ? Text(e.Timestamp) : null,
            Hostname = e.HeaderHostname.IsEmpty ? null : Text(e.HeaderHostname),
            ProgramName = e.HasProgramName ? Text(e.ProgramName) : null,
            Decoder = e.DecoderName,
            DecoderParent = e.DecoderParent,
            FtsComment = e.FtsComment,
            Accumulates = e.Accumulates,
            Fields = Fields(e),
            PreviousLines = _engine.PreviousLines(),
            PreviousLog = _engine.PreviousLog,
            Suspicion = TwoSidedReading.Find(e),
        };
    }

    private static List<AlertField> Fields(DecodedEvent e)
    {
        var count = e.FieldCount;
        var fields = new List<AlertField>(count);
        for (var i = 0; i < count; i++)
        {
            // An empty field exists for rules, and is not shown.
            var field = e.Field(i);
            if (!field.Value.IsEmpty)
                fields.Add(
                    new AlertField(
                        field.Static is { } known ? StaticFields.NameOf(known) : Text(field.Name),
                        field.Value.ToArray(),
                        field.IsDynamic,
                        field.IsJsonArray,
                        field.ClientText
                    )
                );
        }

        return fields;
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);
}
