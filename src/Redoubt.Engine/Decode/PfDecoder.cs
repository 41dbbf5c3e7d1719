namespace Redoubt.Engine.Decode;

/// <summary>Lines of the packet filter pf: <c>rule 3/(match) pass out on xl0: 1.2.3.4.1514 > 5.6.7.8.53: …</c>.</summary>
internal static class PfDecoder
{
    private const int DotsInAddress = 4;

    public static void Run(DecodedEvent e, TextSpan input)
    {
        var text = e.Text.Raw(input);
        var verdict = Behind(text, ") "u8, 0);
        if (verdict < 0 || verdict >= text.Length)
            return;

        switch (text[verdict])
        {
            case (byte)'p':
                e.SetStatic(StaticField.Action, e.Text.Append("pass"u8));
                break;
            case (byte)'b':
                e.SetStatic(StaticField.Action, e.Text.Append("block"u8));
                break;
            default:
                return;
        }

        var source = Behind(text, ": "u8, verdict);
        var sourceEnd = source < 0 ? -1 : text[source..].IndexOf((byte)' ');
        if (sourceEnd < 0)
            return;

        SetEnd(e, input, text, new TextSpan(source, sourceEnd), StaticField.SrcIp, StaticField.SrcPort);
        var behind = text[(source + sourceEnd)..];
        if (!behind.StartsWith(" > "u8))
            return;

        var destination = source + sourceEnd + 3;
        var destinationEnd = text[destination..].IndexOf((byte)':');
        if (destinationEnd < 0)
            return;

        SetEnd(e, input, text, new TextSpan(destination, destinationEnd), StaticField.DstIp, StaticField.DstPort);
        var rest = text[(destination + destinationEnd + 1)..].TrimStart((byte)' ');
        var protocol = rest.IsEmpty
            ? "TCP"u8
            : rest[0] switch
            {
                (byte)'u' => "UDP"u8,
                (byte)'i' => "ICMP"u8,
                _ => "TCP"u8,
            };
        e.SetStatic(StaticField.Protocol, e.Text.Append(protocol));
    }

    // "1.2.3.4.1514": the fifth part is the port.
    private static void SetEnd(DecodedEvent e, TextSpan input, ReadOnlySpan<byte> text, TextSpan end, StaticField address, StaticField port)
    {
        var dots = 0;
        for (var i = end.Start; i < end.End; i++)
        {
            if (text[i] != '.' || ++dots < DotsInAddress)
                continue;

            e.SetStatic(address, new TextSpan(input.Start + end.Start, i - end.Start));
            e.SetStatic(port, new TextSpan(input.Start + i + 1, end.End - i - 1));
            return;
        }

        e.SetStatic(address, new TextSpan(input.Start + end.Start, end.Length));
    }

    private static int Behind(ReadOnlySpan<byte> text, ReadOnlySpan<byte> what, int from)
    {
        var at = text[from..].IndexOf(what);
        return at < 0 ? -1 : from + at + what.Length;
    }
}
