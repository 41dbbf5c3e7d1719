using Redoubt.Engine.Decode;

namespace Redoubt.Engine.Match;

/// <summary>What kinds of text an event has.</summary>
internal enum EventPartKind
{
    Log,
    ProgramName,
    Hostname,
    Location,
    Static,
    Dynamic,

    /// <summary><c>user</c> of a rule: dstuser, else srcuser.</summary>
    User,

    /// <summary><c>user</c> of a list in strict mode: srcuser, else dstuser.</summary>
    UserSourceFirst,

    /// <summary>Country of an address: needs a database that Redoubt does not read, so no event has it.</summary>
    GeoIp,
}

/// <summary>Names one text of an event: the log, a part of the header, a field.</summary>
/// <param name="Kind">Which of them.</param>
/// <param name="Field">For <see cref="EventPartKind.Static"/>.</param>
/// <param name="Number">For <see cref="EventPartKind.Dynamic"/>: the number of the name.</param>
internal readonly record struct EventPart(EventPartKind Kind, StaticField Field = default, int Number = FieldNames.Unknown)
{
    public static EventPart Of(StaticField field) => new(EventPartKind.Static, field);

    public static EventPart OfDynamic(int number) => new(EventPartKind.Dynamic, default, number);

    /// <summary>Finds the text in an event, as it came and folded to lower case; false when the event lacks it.</summary>
    public bool TryRead(DecodedEvent e, out ReadOnlySpan<byte> raw, out ReadOnlySpan<byte> lowered)
    {
        switch (Kind)
        {
            case EventPartKind.Hostname:
                raw = e.Hostname;
                lowered = e.HostnameLowered;
                return true;
            case EventPartKind.Location:
                raw = e.Location;
                lowered = e.LocationLowered;
                return true;
            default:
                var span = SpanIn(e);
                raw = e.Text.Raw(span);
                lowered = e.Text.Lowered(span);
                return span.Exists;
        }
    }

    private TextSpan SpanIn(DecodedEvent e) =>
        Kind switch
        {
            EventPartKind.Log => e.LogSpan,
            EventPartKind.ProgramName => e.ProgramNameSpan,
            EventPartKind.Static => e.Static(Field),
            EventPartKind.Dynamic => e.Dynamic(Number),
            EventPartKind.User => FirstOf(e.Static(StaticField.DstUser), e.Static(StaticField.SrcUser)),
            EventPartKind.UserSourceFirst => FirstOf(e.Static(StaticField.SrcUser), e.Static(StaticField.DstUser)),
            _ => TextSpan.None,
        };

    private static TextSpan FirstOf(TextSpan first, TextSpan second) => first.Exists ? first : second;
}
