using Redoubt.Patterns;

namespace Redoubt.Engine.Decode;

/// <summary>Lines of SonicWall firewalls; also chooses the event's category, by the numbers in the line.</summary>
internal sealed class SonicWallDecoder
{
    private readonly OsRegex _head = Compile("pri=(\\d) c=(\\d+) m=(\\d+) "u8);
    private readonly OsRegex _ends = Compile("src=(\\S+):(\\d+):\\S+ dst=(\\S+):(\\d+):"u8);
    private readonly OsRegex _web = Compile("result=(\\d+) dstname=(\\S+) arg=(\\S+)$"u8);
    private readonly Capture[] _captures = new Capture[4];

    public void Run(DecodedEvent e, TextSpan input)
    {
        var text = e.Text.Lowered(input);
        if (!_head.TryMatch(text, _captures, out var count, out var next) || count < 3)
            return;

        e.SetStatic(StaticField.Status, InEvent(input, 0, _captures[0]));
        e.SetStatic(StaticField.Id, InEvent(input, 0, _captures[2]));
        var category = text.Slice(_captures[1].Start, _captures[1].Length);
        var message = text.Slice(_captures[2].Start, _captures[2].Length);
        var rest = text[next..];
        if (_ends.TryMatch(rest, _captures, out count, out var behind) && count == 4)
        {
            e.SetStatic(StaticField.SrcIp, InEvent(input, next, _captures[0]));
            e.SetStatic(StaticField.SrcPort, InEvent(input, next, _captures[1]));
            e.SetStatic(StaticField.DstIp, InEvent(input, next, _captures[2]));
            e.SetStatic(StaticField.DstPort, InEvent(input, next, _captures[3]));
            ReadProtocol(e, input, next + behind);
        }

        Classify(e, input, category, message);
    }

    private static void ReadProtocol(DecodedEvent e, TextSpan input, int from)
    {
        const int MaxProtocolBytes = 6;
        var text = e.Text.Raw(input);
        var at = text[from..].IndexOf("proto="u8);
        if (at < 0)
            return;

        var start = from + at + "proto="u8.Length;
        var end = start;
        while (end < text.Length && end - start < MaxProtocolBytes && text[end] != '/' && text[end] != ' ')
            end++;

        e.SetStatic(StaticField.Protocol, new TextSpan(input.Start + start, end - start));
    }

    private void Classify(DecodedEvent e, TextSpan input, ReadOnlySpan<byte> category, ReadOnlySpan<byte> message)
    {
        if (category.SequenceEqual("32"u8))
        {
            e.Category = Category.Ids;
            return;
        }

        if (!System.Buffers.Text.Utf8Parser.TryParse(message, out int number, out _))
            return;

        switch (number)
        {
            case 98 or 597 or 598:
                SetFirewall(e, "pass"u8);
                break;
            case 36 or 37 or 38 or 173 or 174:
                SetFirewall(e, "drop"u8);
                break;
            case 537:
                SetFirewall(e, "close"u8);
                break;
            case 97:
                e.Category = Category.Squid;
                if (_web.TryMatch(e.Text.Lowered(input), _captures, out var count, out _) && count == 3)
                {
                    e.SetStatic(StaticField.Id, InEvent(input, 0, _captures[0]));
                    e.SetStatic(StaticField.Url, InEvent(input, 0, new Capture(_captures[1].Start, _captures[1].Length)));
                }

                break;
            default:
                break;
        }
    }

    private static void SetFirewall(DecodedEvent e, ReadOnlySpan<byte> action)
    {
        e.Category = Category.Firewall;
        e.SetStatic(StaticField.Action, e.Text.Append(action));
    }

    private static TextSpan InEvent(TextSpan input, int offset, Capture capture) =>
        new(input.Start + offset + capture.Start, capture.Length);

    private static OsRegex Compile(ReadOnlySpan<byte> pattern) =>
        OsRegex.Parse(pattern, out var problem) ?? throw new InvalidOperationException(problem);
}
