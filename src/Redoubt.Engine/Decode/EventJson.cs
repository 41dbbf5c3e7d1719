namespace Redoubt.Engine.Decode;

/// <summary>Writes the JSON text of a Windows event: <c>{"win":{"system":{…},"eventdata":{…}}}</c>.</summary>
internal sealed class EventJson
{
    private readonly ByteWriter _out = new();
    private bool _hasSection;
    private bool _hasMember;

    public void Start()
    {
        _out.Clear();
        _out.Add("{\"win\":{"u8);
        _hasSection = false;
    }

    public void OpenSection(ReadOnlySpan<byte> name)
    {
        if (_hasSection)
            _out.Add((byte)',');

        _hasSection = true;
        _hasMember = false;
        WriteName(name);
        _out.Add((byte)'{');
    }

    public void CloseSection() => _out.Add((byte)'}');

    public ReadOnlySpan<byte> Finish()
    {
        _out.Add("}}"u8);
        return _out.Written;
    }

    /// <summary>Writes a member; the first letter of its name becomes lower case.</summary>
    public void Write(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        Begin(name);
        _out.Add((byte)'"');
        WriteEscaped(value);
        _out.Add((byte)'"');
    }

    /// <summary>Writes a member whose value has quotes of its own, as the original's message has.</summary>
    public void WriteQuoted(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        Begin(name);
        _out.Add("\"\\\""u8);
        WriteEscaped(value);
        _out.Add("\\\"\""u8);
    }

    private void Begin(ReadOnlySpan<byte> name)
    {
        if (_hasMember)
            _out.Add((byte)',');

        _hasMember = true;
        WriteName(name);
    }

    private void WriteName(ReadOnlySpan<byte> name)
    {
        _out.Add((byte)'"');
        if (!name.IsEmpty)
        {
            WriteEscaped([Patterns.AsciiFold.Lower(name[0])]);
            WriteEscaped(name[1..]);
        }

        _out.Add("\":"u8);
    }

    private void WriteEscaped(ReadOnlySpan<byte> text)
    {
        foreach (var c in text)
        {
            switch (c)
            {
                case (byte)'"' or (byte)'\\':
                    _out.Add((byte)'\\');
                    _out.Add(c);
                    break;
                case (byte)'\r':
                    _out.Add("\\r"u8);
                    break;
                case (byte)'\n':
                    _out.Add("\\n"u8);
                    break;
                case (byte)'\t':
                    _out.Add("\\t"u8);
                    break;
                case < 0x20:
                    break;
                default:
                    _out.Add(c);
                    break;
            }
        }
    }
}
