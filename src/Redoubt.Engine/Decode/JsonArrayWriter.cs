namespace Redoubt.Engine.Decode;

/// <summary>Writes the text that a JSON array has as the value of a field.</summary>
/// <remarks>Rules match on this text, so blanks and tabs are those of the original's printer: elements are separated by a comma
/// and a blank, members of objects stand on lines of their own, indented by tabs.</remarks>
internal sealed class JsonArrayWriter
{
    /// <summary>Longer texts are left out: deep nesting is indented, so a hostile line could ask for a thousand times its size.</summary>
    public const int MaxBytes = 65_536;

    private readonly ByteWriter _out = new();
    private readonly ByteWriter _scratch = new();

    public ReadOnlySpan<byte> Written => _out.Written;

    /// <summary>Whether the array was longer than <see cref="MaxBytes"/>; what was written is then of no use.</summary>
    public bool IsTooLong => _out.Length > MaxBytes;

    /// <summary>Prints the array at the cursor.</summary>
    /// <param name="json">Stands on the opening bracket.</param>
    /// <param name="text">What the cursor reads.</param>
    public bool Print(ref JsonCursor json, ReadOnlySpan<byte> text)
    {
        _out.Clear();
        return PrintValue(ref json, text, 0);
    }

    /// <summary>Joins the scalars of the array with commas; nested arrays and objects are left out.</summary>
    public bool Join(ref JsonCursor json, ReadOnlySpan<byte> text)
    {
        _out.Clear();
        if (!json.Take((byte)'['))
            return false;

        if (json.Take((byte)']'))
            return true;

        var isFirst = true;
        do
        {
            var start = _out.Length;
            if (!isFirst)
                _out.Add((byte)',');

            if (json.Peek() is '[' or '{')
            {
                if (!PrintValue(ref json, text, 1))
                    return false;

                _out.Truncate(start);
                continue;
            }

            if (!JoinScalar(ref json, text))
                return false;

            isFirst = false;
        } while (json.Take((byte)','));

        return json.Take((byte)']');
    }

    private bool JoinScalar(ref JsonCursor json, ReadOnlySpan<byte> text)
    {
        switch (json.Peek())
        {
            case '"':
                if (!json.ReadString(_scratch, out var inText))
                    return false;

                _out.Add(inText.Exists ? text.Slice(inText.Start, inText.Length) : _scratch.Written);
                return true;
            case 't' or 'f' or 'n':
                return CopyWord(ref json);
            default:
                if (!json.ReadNumber(out var number))
                    return false;

                JsonNumber.WriteField(_out, number);
                return true;
        }
    }

    private bool PrintValue(ref JsonCursor json, ReadOnlySpan<byte> text, int depth)
    {
        if (depth > JsonCursor.MaxDepth)
            return false;

        if (_out.Length > MaxBytes)
            _out.Truncate(MaxBytes + 1);

        switch (json.Peek())
        {
            case '[':
                return PrintArray(ref json, text, depth + 1);
            case '{':
                return PrintObject(ref json, text, depth + 1);
            case '"':
                return PrintString(ref json, text);
            case 't' or 'f' or 'n':
                return CopyWord(ref json);
            default:
                if (!json.ReadNumber(out var number))
                    return false;

                JsonNumber.WriteJson(_out, number);
                return true;
        }
    }

    private bool PrintArray(ref JsonCursor json, ReadOnlySpan<byte> text, int depth)
    {
        json.Take((byte)'[');
        _out.Add((byte)'[');
        if (!json.Take((byte)']'))
        {
            while (PrintValue(ref json, text, depth))
            {
                if (!json.Take((byte)','))
                    return json.Take((byte)']') && Add((byte)']');

                _out.Add(", "u8);
            }

            return false;
        }

        return Add((byte)']');
    }

    private bool PrintObject(ref JsonCursor json, ReadOnlySpan<byte> text, int depth)
    {
        json.Take((byte)'{');
        _out.Add("{\n"u8);
        if (!json.Take((byte)'}'))
        {
            while (true)
            {
                _out.Add((byte)'\t', depth);
                if (!PrintString(ref json, text) || !json.Take((byte)':'))
                    return false;

                _out.Add(":\t"u8);
                if (!PrintValue(ref json, text, depth))
                    return false;

                if (!json.Take((byte)','))
                    break;

                _out.Add(",\n"u8);
            }

            if (!json.Take((byte)'}'))
                return false;

            _out.Add((byte)'\n');
        }

        _out.Add((byte)'\t', depth - 1);
        return Add((byte)'}');
    }

    private bool PrintString(ref JsonCursor json, ReadOnlySpan<byte> text)
    {
        if (!json.ReadString(_scratch, out var inText))
            return false;

        _out.Add((byte)'"');
        foreach (var c in inText.Exists ? text.Slice(inText.Start, inText.Length) : _scratch.Written)
            PrintByte(c);

        return Add((byte)'"');
    }

    private void PrintByte(byte c)
    {
        switch (c)
        {
            case (byte)'"' or (byte)'\\':
                _out.Add((byte)'\\');
                _out.Add(c);
                break;
            case (byte)'\b':
                _out.Add("\\b"u8);
                break;
            case (byte)'\f':
                _out.Add("\\f"u8);
                break;
            case (byte)'\n':
                _out.Add("\\n"u8);
                break;
            case (byte)'\r':
                _out.Add("\\r"u8);
                break;
            case (byte)'\t':
                _out.Add("\\t"u8);
                break;
            case < 0x20:
                _out.Add("\\u00"u8);
                _out.Add("0123456789abcdef"u8[c >> 4]);
                _out.Add("0123456789abcdef"u8[c & 15]);
                break;
            default:
                _out.Add(c);
                break;
        }
    }

    private bool CopyWord(ref JsonCursor json)
    {
        ReadOnlySpan<byte> word =
            json.TakeWord("true"u8) ? "true"u8
            : json.TakeWord("false"u8) ? "false"u8
            : json.TakeWord("null"u8) ? "null"u8
            : default;
        _out.Add(word);
        return !word.IsEmpty;
    }

    private bool Add(byte c)
    {
        _out.Add(c);
        return true;
    }
}
