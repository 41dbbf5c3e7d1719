namespace Redoubt.Engine.Decode;

/// <summary>The JSON_Decoder: turns an object into fields, members of members joined by dots.</summary>
/// <remarks>Text that is not JSON gives no field at all; what follows the object is ignored. Values without escapes stay where
/// they are in the line. Threads: not safe. Source: rule-engine.md 2.6.</remarks>
internal sealed class JsonFieldDecoder
{
    // More fields than any real event has; a line of empty members must not fill the memory.
    private const int MaxFields = 2_048;

    private readonly ByteWriter _path = new();
    private readonly ByteWriter _value = new();
    private readonly ByteWriter _name = new();
    private readonly JsonArrayWriter _array = new();
    private readonly TextSpan[] _before = new TextSpan[StaticFields.Count];

    /// <summary>Reads the object at the start of a part of the event's text.</summary>
    /// <returns>False, and no field was added, when it is not JSON.</returns>
    public bool Run(Decoder decoder, DecodedEvent e, TextSpan input)
    {
        e.Statics.CopyTo(_before);
        var (dynamicCount, textLength) = (e.DynamicCount, e.Text.Length);
        var text = e.Text.Raw(input);
        var json = new JsonCursor(text);
        _path.Clear();
        if (json.Peek() == '{' && ReadObject(decoder, e, input, ref json, text, 0))
            return true;

        e.RollBack(dynamicCount, textLength, _before);
        return false;
    }

    private bool ReadObject(Decoder decoder, DecodedEvent e, TextSpan input, ref JsonCursor json, ReadOnlySpan<byte> text, int depth)
    {
        json.Take((byte)'{');
        if (json.Take((byte)'}'))
            return true;

        if (depth >= JsonCursor.MaxDepth)
            return false;

        var prefix = _path.Length;
        do
        {
            if (!json.ReadString(_name, out var key) || !json.Take((byte)':'))
                return false;

            if (prefix > 0)
                _path.Add((byte)'.');

            _path.Add(key.Exists ? text.Slice(key.Start, key.Length) : _name.Written);
            if (!ReadMember(decoder, e, input, ref json, text, depth))
                return false;

            _path.Truncate(prefix);
        } while (json.Take((byte)','));

        return json.Take((byte)'}');
    }

    private bool ReadMember(Decoder decoder, DecodedEvent e, TextSpan input, ref JsonCursor json, ReadOnlySpan<byte> text, int depth)
    {
        switch (json.Peek())
        {
            case '{':
                return ReadObject(decoder, e, input, ref json, text, depth + 1);

            case '[':
                if (!(decoder.JsonArraysAsCsv ? _array.Join(ref json, text) : _array.Print(ref json, text)))
                    return false;

                if (!_array.IsTooLong)
                    Give(e, depth, e.Text.Append(_array.Written), isArray: !decoder.JsonArraysAsCsv);

                return true;

            case '"':
                if (!json.ReadString(_value, out var inText))
                    return false;

                Give(
                    e,
                    depth,
                    inText.Exists ? new TextSpan(input.Start + inText.Start, inText.Length) : e.Text.Append(_value.Written),
                    isArray: false
                );
                return true;

            case 't':
                return GiveWord(e, input, ref json, "true"u8, depth);

            case 'f':
                return GiveWord(e, input, ref json, "false"u8, depth);

            case 'n':
                return decoder.DiscardsJsonNull ? json.TakeWord("null"u8) : GiveWord(e, input, ref json, "null"u8, depth);

            default:
                if (!json.ReadNumber(out var number))
                    return false;

                _value.Clear();
                JsonNumber.WriteField(_value, number);
                Give(e, depth, e.Text.Append(_value.Written), isArray: false);
                return true;
        }
    }

    private bool GiveWord(DecodedEvent e, TextSpan input, ref JsonCursor json, ReadOnlySpan<byte> word, int depth)
    {
        var start = json.Position;
        if (!json.TakeWord(word))
            return false;

        Give(e, depth, new TextSpan(input.Start + start, word.Length), isArray: false);
        return true;
    }

    private void Give(DecodedEvent e, int depth, TextSpan value, bool isArray)
    {
        if (depth == 0 && StaticOf(e) is { } field)
        {
            e.SetStatic(field, value);
            return;
        }

        if (e.DynamicCount >= MaxFields)
            return;

        var name = e.Text.Append(_path.Written);
        e.AddDynamic(new DynamicField(e.Names.Find(e.Text.Lowered(name)), null, name, value, isArray));
    }

    // Names of static fields count at the top level only, and are exact.
    private StaticField? StaticOf(DecodedEvent e)
    {
        var path = _path.Written;
        if (path.Length is < 2 or > 10)
            return null;

        if (path.SequenceEqual("user"u8))
            return e.Static(StaticField.DstUser).Length > 0 ? null : StaticField.DstUser;

        if (path.SequenceEqual("systemname"u8))
            return StaticField.SystemName;

        for (var field = StaticField.Protocol; field < StaticField.SystemName; field++)
        {
            if (path.SequenceEqual(StaticFields.NameBytesOf(field)))
                return field;
        }

        return null;
    }
}
