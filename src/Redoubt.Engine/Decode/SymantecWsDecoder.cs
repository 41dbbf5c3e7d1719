namespace Redoubt.Engine.Decode;

/// <summary>Lines of Symantec Web Security: <c>key=value</c> joined by commas, keys are numbers.</summary>
internal static class SymantecWsDecoder
{
    public static void Run(DecodedEvent e, TextSpan input)
    {
        var text = e.Text.Raw(input);
        var start = text.IndexOf((byte)',') + 1;
        if (start == 0)
            return;

        while (start < text.Length)
        {
            var length = text[start..].IndexOf((byte)',');
            var part = text.Slice(start, length < 0 ? text.Length - start : length);
            if (part.StartsWith("10="u8))
                SetFirst(e, StaticField.DstUser, input.Start + start + 3, part.Length - 3);
            else if (part.StartsWith("11="u8))
                SetFirst(e, StaticField.SrcIp, input.Start + start + 3, part.Length - 3);
            else if (part.StartsWith("60="u8))
                SetFirst(e, StaticField.Url, input.Start + start + 3, part.Length - 3);
            else if (part.StartsWith("2="u8) || part.StartsWith("3="u8))
                SetFirst(e, StaticField.Id, input.Start + start, part.Length);

            start += part.Length + 1;
        }
    }

    private static void SetFirst(DecodedEvent e, StaticField field, int start, int length)
    {
        if (!e.Static(field).Exists)
            e.SetStatic(field, new TextSpan(start, length));
    }
}
