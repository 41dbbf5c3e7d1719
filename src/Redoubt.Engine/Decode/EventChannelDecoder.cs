using System.Buffers.Text;
using System.Globalization;
using Redoubt.Engine.Loading;

namespace Redoubt.Engine.Decode;

/// <summary>The built-in decoder of Windows events: <c>{"Message":…, "Event":"&lt;xml&gt;"}</c> becomes fields <c>win.*</c>.</summary>
/// <remarks>The event's log is the JSON text made from it, as rules expect. Never throws, whatever the bytes are. Threads: not safe.
/// Source: rule-engine.md 1.5.</remarks>
internal sealed class EventChannelDecoder
{
    private readonly JsonFieldDecoder _json = new();
    private readonly ByteWriter _event = new();
    private readonly ByteWriter _message = new();
    private readonly ByteWriter _scratch = new();
    private readonly ByteWriter _value = new();
    private readonly EventJson _out = new();

    private readonly Decoder _decoder = new()
    {
        Name = Keywords.EventChannelName,
        EffectiveName = Keywords.EventChannelName,
        NameNumber = 0,
        Category = Category.Ossec,
        File = string.Empty,
        Line = 0,
    };

    /// <summary>Decodes the event; without a decoder when it is not of that form.</summary>
    public void Decode(DecodedEvent e)
    {
        if (!ReadEnvelope(e.FullLog))
            return;

        _out.Start();
        ReadEvent(_event.Written);
        e.LogSpan = e.Text.Append(_out.Finish());
        e.Decoder = _decoder;
        e.Category = Category.Ossec;
        _json.Run(_decoder, e, e.LogSpan);
    }

    private bool ReadEnvelope(ReadOnlySpan<byte> line)
    {
        _event.Clear();
        _message.Clear();
        var json = new JsonCursor(line);
        if (!json.Take((byte)'{'))
            return false;

        do
        {
            if (!json.ReadString(_scratch, out var key))
                return false;

            var isEvent = (key.Exists ? line.Slice(key.Start, key.Length) : _scratch.Written).SequenceEqual("Event"u8);
            if (!json.Take((byte)':') || !json.ReadString(_scratch, out var value))
                return false;

            var target = isEvent ? _event : _message;
            target.Clear();
            target.Add(value.Exists ? line.Slice(value.Start, value.Length) : _scratch.Written);
        } while (json.Take((byte)','));

        return _event.Length > 0;
    }

    private void ReadEvent(ReadOnlySpan<byte> text)
    {
        var xml = new XmlCursor(text);
        var token = xml.Next();
        while (token != XmlToken.End)
        {
            if (token == XmlToken.Open)
            {
                if (xml.Name.SequenceEqual("System"u8))
                    ReadSystem(ref xml);
                else if (xml.Name.SequenceEqual("EventData"u8))
                    ReadData(ref xml);
                else if (!xml.Name.SequenceEqual("Event"u8) && !xml.Name.SequenceEqual("UserData"u8))
                    ReadSection(ref xml);
            }

            token = xml.Next();
        }
    }

    private void ReadSystem(ref XmlCursor xml)
    {
        long level = -1;
        ulong keywords = 0;
        _out.OpenSection("system"u8);
        for (var token = xml.Next(); token != XmlToken.End && !IsClose(token, xml.Name, "System"u8); token = xml.Next())
        {
            if (token is not (XmlToken.Open or XmlToken.Empty))
                continue;

            var name = xml.Name;
            if (name.SequenceEqual("Provider"u8))
                WriteAttributes(ref xml, "Name"u8, "providerName"u8, "Guid"u8, "providerGuid"u8, "EventSourceName"u8, "eventSourceName"u8);
            else if (name.SequenceEqual("TimeCreated"u8))
                WriteAttributes(ref xml, "SystemTime"u8, "systemTime"u8, default, default, default, default);
            else if (name.SequenceEqual("Execution"u8))
                WriteAttributes(ref xml, "ProcessID"u8, "processID"u8, "ThreadID"u8, "threadID"u8, default, default);

            if (token == XmlToken.Empty || xml.Next() != XmlToken.Text)
                continue;

            ReadText(xml.Text);
            if (_value.Length == 0)
                continue;

            _out.Write(name, _value.Written);
            if (name.SequenceEqual("Level"u8))
                _ = Utf8Parser.TryParse(_value.Written, out level, out _);
            else if (name.SequenceEqual("Keywords"u8) && _value.Written.StartsWith("0x"u8))
                _ = Utf8Parser.TryParse(_value.Written[2..], out keywords, out _, 'x');
        }

        _out.Write("severityValue"u8, Severity(level, keywords));
        if (_message.Length > 0)
            _out.WriteQuoted("message"u8, _message.Written);

        _out.CloseSection();
    }

    // Values that say nothing are left out.
    private void ReadData(ref XmlCursor xml)
    {
        _out.OpenSection("eventdata"u8);
        _scratch.Clear();
        for (var token = xml.Next(); token != XmlToken.End && !IsClose(token, xml.Name, "EventData"u8); token = xml.Next())
        {
            if (token != XmlToken.Open)
                continue;

            var name = xml.Name;
            var isData = name.SequenceEqual("Data"u8);
            while (isData && xml.NextAttribute(out var key, out var given))
            {
                if (key.SequenceEqual("Name"u8))
                    name = given;
            }

            if (xml.Next() != XmlToken.Text)
                continue;

            ReadText(xml.Text);
            if (SaysNothing(_value.Written))
                continue;

            if (!isData || !name.SequenceEqual("Data"u8))
            {
                _out.Write(name, _value.Written);
                continue;
            }

            if (_scratch.Length > 0)
                _scratch.Add(", "u8);

            _scratch.Add(_value.Written);
        }

        if (_scratch.Length > 0)
            _out.Write("data"u8, _scratch.Written);

        _out.CloseSection();
    }

    private void ReadSection(ref XmlCursor xml)
    {
        var section = xml.Name;
        _out.OpenSection(section);
        for (var token = xml.Next(); token != XmlToken.End && !IsClose(token, xml.Name, section); token = xml.Next())
        {
            if (token != XmlToken.Open)
                continue;

            var name = xml.Name;
            if (xml.Next() != XmlToken.Text)
                continue;

            ReadText(xml.Text);
            if (!SaysNothing(_value.Written))
                _out.Write(name, _value.Written);
        }

        _out.CloseSection();
    }

    private void WriteAttributes(
        ref XmlCursor xml,
        ReadOnlySpan<byte> first,
        ReadOnlySpan<byte> firstName,
        ReadOnlySpan<byte> second,
        ReadOnlySpan<byte> secondName,
        ReadOnlySpan<byte> third,
        ReadOnlySpan<byte> thirdName
    )
    {
        while (xml.NextAttribute(out var key, out var given))
        {
            ReadText(given);
            if (_value.Length == 0)
                continue;

            if (key.SequenceEqual(first))
                _out.Write(firstName, _value.Written);
            else if (key.SequenceEqual(second))
                _out.Write(secondName, _value.Written);
            else if (key.SequenceEqual(third))
                _out.Write(thirdName, _value.Written);
        }
    }

    // Decodes entities.
    private void ReadText(ReadOnlySpan<byte> text)
    {
        _value.Clear();
        text = text.Trim(" \t\r\n"u8);
        while (text.IndexOf((byte)'&') is var start and >= 0)
        {
            _value.Add(text[..start]);
            text = text[start..];
            var end = text.IndexOf((byte)';');
            if (end < 0 || !TryAddEntity(text[1..end]))
            {
                _value.Add((byte)'&');
                text = text[1..];
            }
            else
            {
                text = text[(end + 1)..];
            }
        }

        _value.Add(text);
    }

    private bool TryAddEntity(ReadOnlySpan<byte> name)
    {
        var c = name switch
        {
            _ when name.SequenceEqual("lt"u8) => '<',
            _ when name.SequenceEqual("gt"u8) => '>',
            _ when name.SequenceEqual("amp"u8) => '&',
            _ when name.SequenceEqual("quot"u8) => '"',
            _ when name.SequenceEqual("apos"u8) => '\'',
            _ => '\0',
        };
        if (c != '\0')
        {
            _value.Add((byte)c);
            return true;
        }

        if (!name.StartsWith((byte)'#') || !TryReadNumber(name[1..], out var number) || !System.Text.Rune.IsValid(number))
            return false;

        Span<byte> utf8 = stackalloc byte[4];
        _value.Add(utf8[..new System.Text.Rune(number).EncodeToUtf8(utf8)]);
        return true;
    }

    private static bool TryReadNumber(ReadOnlySpan<byte> text, out int number) =>
        text.StartsWith((byte)'x')
            ? int.TryParse(text[1..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number)
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static ReadOnlySpan<byte> Severity(long level, ulong keywords)
    {
        const ulong AuditFailure = 0x10000000000000;
        const ulong AuditSuccess = 0x20000000000000;
        if ((keywords & AuditFailure) != 0)
            return "AUDIT_FAILURE"u8;

        if ((keywords & AuditSuccess) != 0)
            return "AUDIT_SUCCESS"u8;

        return level switch
        {
            1 => "CRITICAL"u8,
            2 => "ERROR"u8,
            3 => "WARNING"u8,
            5 => "VERBOSE"u8,
            _ => "INFORMATION"u8,
        };
    }

    private static bool SaysNothing(ReadOnlySpan<byte> value) =>
        value.IsEmpty || value.SequenceEqual("-"u8) || value.SequenceEqual("(NULL)"u8);

    private static bool IsClose(XmlToken token, ReadOnlySpan<byte> name, ReadOnlySpan<byte> wanted) =>
        token == XmlToken.Close && name.SequenceEqual(wanted);
}
