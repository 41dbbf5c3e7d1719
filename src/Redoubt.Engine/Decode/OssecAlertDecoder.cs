namespace Redoubt.Engine.Decode;

/// <summary>Alerts of another server, one a line: <c>Alert Level: N; Rule: ID - TEXT; Location: L; srcip: …; user: …; LOG</c>.</summary>
internal static class OssecAlertDecoder
{
    public static void Run(DecodedEvent e, TextSpan input)
    {
        var text = e.Text.Raw(input);
        if (!TryFindPart(text, "Rule: "u8, " - "u8, out var rule) || !TryFindPart(text, "Location: "u8, ";"u8, out var location))
            return;

        if (
            !System.Buffers.Text.Utf8Parser.TryParse(text.Slice(rule.Start, rule.Length), out int id, out var consumed)
            || consumed != rule.Length
        )
            return;

        e.ForeignRuleId = id;
        if (TryFindPart(text, "srcip: "u8, ";"u8, out var srcip))
            e.SetStatic(StaticField.SrcIp, InEvent(input, srcip));

        if (TryFindPart(text, "user: "u8, ";"u8, out var user))
            e.SetStatic(StaticField.DstUser, InEvent(input, user));

        var own = e.Source.FullLocation;
        var span = e.Text.Reserve(own.Length + 1 + location.Length);
        var room = e.Text.Room(span);
        own.CopyTo(room);
        room[own.Length] = (byte)'|';
        e.Text.Raw(InEvent(input, location)).CopyTo(room[(own.Length + 1)..]);
        e.Text.Commit(span);
        e.LocationOverride = span;
    }

    private static bool TryFindPart(ReadOnlySpan<byte> text, ReadOnlySpan<byte> key, ReadOnlySpan<byte> end, out TextSpan part)
    {
        part = TextSpan.None;
        var at = text.IndexOf(key);
        if (at < 0)
            return false;

        var start = at + key.Length;
        var length = text[start..].IndexOf(end);
        if (length < 0)
            return false;

        part = new TextSpan(start, length);
        return true;
    }

    private static TextSpan InEvent(TextSpan input, TextSpan part) => new(input.Start + part.Start, part.Length);
}
