using System.Text;

namespace Redoubt.Model.Markup;

/// <summary>Reads the tolerant XML dialect of OSSEC and Wazuh files into elements.</summary>
/// <remarks>
/// Several roots; text outside elements is ignored; comments are <c>&lt;!-- --&gt;</c> and <c>&lt;! !&gt;</c>, anywhere;
/// a <c>&lt;</c> after an odd number of backslashes is content; entities are not decoded.
/// Cost: one pass, linear. Threads: safe (no state). Errors: diagnostics, never an exception; the elements read
/// so far are returned. Source: rule-engine.md 2.2.
/// </remarks>
public sealed class MarkupReader
{
    private const int MaxPartBytes = 20_480;
    private const int MaxDepth = 1_024;

    private readonly byte[] _bytes;
    private readonly string _file;
    private readonly DiagnosticBag _diagnostics;
    private int _at;
    private int _line = 1;
    private int _lineStart;

    private MarkupReader(byte[] bytes, string file, DiagnosticBag diagnostics)
    {
        _bytes = bytes;
        _file = file;
        _diagnostics = diagnostics;
    }

    private int Column => _at - _lineStart + 1;

    /// <summary>Reads a whole file.</summary>
    /// <param name="bytes">The file's bytes.</param>
    /// <param name="file">Its path, for diagnostics.</param>
    /// <param name="diagnostics">Receives errors with Wazuh's number 1226 where the text is not well formed.</param>
    /// <returns>The root elements in order; empty after an error at the start.</returns>
    public static IReadOnlyList<MarkupElement> Read(byte[] bytes, string file, DiagnosticBag diagnostics)
    {
        var reader = new MarkupReader(bytes, file, diagnostics);
        var roots = new List<MarkupElement>();
        while (reader.SkipToTag())
        {
            if (reader.ReadElement(0) is not { } element)
                break;

            roots.Add(element);
        }

        return roots;
    }

    private bool SkipToTag()
    {
        while (_at < _bytes.Length)
        {
            if (_bytes[_at] != (byte)'<')
            {
                Step();
                continue;
            }

            if (!IsComment())
                return true;

            if (!SkipComment())
                return false;
        }

        return false;
    }

    private MarkupElement? ReadElement(int depth)
    {
        var (line, column) = (_line, Column);
        if (depth >= MaxDepth)
            return Fail(line, column, "Elements are nested deeper than 1024.", "Close the elements.");

        Step();
        var name = ReadName();
        if (name.Length == 0)
            return Fail(
                line,
                column,
                "A '<' is not followed by an element's name.",
                "Write '\\<' for a '<' in a pattern, or close the element before it."
            );

        if (ReadAttributes(name) is not { } attributes)
            return null;

        var element = new MarkupElement
        {
            Name = name,
            Line = line,
            Column = column,
            Attributes = attributes,
        };
        if (Current == '/')
        {
            Step();
            if (Current != '>')
                return Fail(line, column, $"'/' in the tag of <{name}> is not followed by '>'.", "Write '/>'.");

            Step();
            return element;
        }

        Step();
        return ReadContent(element, depth) ? element : null;
    }

    private bool ReadContent(MarkupElement element, int depth)
    {
        var content = new List<byte>();
        var children = new List<MarkupElement>();
        var backslashes = 0;
        while (_at < _bytes.Length)
        {
            var c = _bytes[_at];
            if (c == '<' && backslashes % 2 == 0)
            {
                backslashes = 0;
                if (IsComment())
                {
                    if (!SkipComment())
                        return false;

                    continue;
                }

                if (Peek(1) == '/')
                {
                    element.Children = children;
                    element.Content = children.Count == 0 ? [.. content] : [];
                    return ReadClosing(element);
                }

                if (ReadElement(depth + 1) is not { } child)
                    return false;

                children.Add(child);
                continue;
            }

            backslashes = c == '\\' ? backslashes + 1 : 0;
            content.Add(c);
            if (content.Count >= MaxPartBytes)
                return FailClosed(
                    element.Line,
                    element.Column,
                    $"The content of <{element.Name}> is 20480 bytes or longer.",
                    "Shorten it."
                );

            Step();
        }

        return FailClosed(element.Line, element.Column, $"<{element.Name}> is never closed.", $"Add </{element.Name}>.");
    }

    private bool ReadClosing(MarkupElement element)
    {
        var (line, column) = (_line, Column);
        Step();
        Step();
        var name = ReadName();
        SkipBlanks();
        if (Current != '>' || !string.Equals(name, element.Name, StringComparison.Ordinal))
        {
            return FailClosed(line, column, $"</{name}> closes <{element.Name}> of line {element.Line}.", $"Write </{element.Name}>.");
        }

        Step();
        return true;
    }

    private List<MarkupAttribute>? ReadAttributes(string element)
    {
        var attributes = new List<MarkupAttribute>();
        while (true)
        {
            SkipBlanks();
            if (Current is '>' or '/')
                return attributes;

            var (line, column) = (_line, Column);
            var name = ReadName();
            if (name.Length == 0 || Current != '=')
            {
                Fail(line, column, $"<{element}> has an attribute without a value.", "Write name=\"value\".");
                return null;
            }

            Step();
            SkipBlanks();
            var quote = Current;
            if (quote is not ('"' or '\''))
            {
                Fail(line, column, $"The value of attribute '{name}' is not quoted.", "Write name=\"value\".");
                return null;
            }

            Step();
            var start = _at;
            while (_at < _bytes.Length && _bytes[_at] != quote)
                Step();

            if (_at >= _bytes.Length || _at - start >= MaxPartBytes)
            {
                Fail(line, column, $"The value of attribute '{name}' does not end.", "Close the quote.");
                return null;
            }

            var value = _bytes[start.._at];
            Step();
            if (attributes.Exists(a => string.Equals(a.Name, name, StringComparison.Ordinal)))
            {
                Fail(line, column, $"<{element}> has the attribute '{name}' twice.", "Keep one.");
                return null;
            }

            attributes.Add(new MarkupAttribute(name, value, line, column));
        }
    }

    private string ReadName()
    {
        var start = _at;
        while (_at < _bytes.Length && IsNameByte(_bytes[_at]))
            Step();

        return _at - start < MaxPartBytes ? Encoding.UTF8.GetString(_bytes, start, _at - start) : string.Empty;
    }

    private static bool IsNameByte(byte c) =>
        c
            is (>= (byte)'a' and <= (byte)'z')
                or (>= (byte)'A' and <= (byte)'Z')
                or (>= (byte)'0' and <= (byte)'9')
                or (byte)'_'
                or (byte)'-'
                or (byte)'.'
                or (byte)':'
                or >= 0x80;

    private bool IsComment() => Peek(1) == '!';

    // "<!--" ends at "-->", "<!" at "!>".
    private bool SkipComment()
    {
        var (line, column) = (_line, Column);
        var dashed = Peek(2) == '-' && Peek(3) == '-';
        var end = dashed ? "-->"u8 : "!>"u8;
        var from = Math.Min(_at + (dashed ? 4 : 2), _bytes.Length);
        var found = _bytes.AsSpan(from).IndexOf(end);
        if (found < 0)
            return FailClosed(line, column, "A comment does not end.", dashed ? "Add '-->'." : "Add '!>'.");

        var stop = from + found + end.Length;
        while (_at < stop)
            Step();

        return true;
    }

    private void SkipBlanks()
    {
        while (_at < _bytes.Length && _bytes[_at] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
            Step();
    }

    private int Current => _at < _bytes.Length ? _bytes[_at] : -1;

    private int Peek(int ahead) => _at + ahead < _bytes.Length ? _bytes[_at + ahead] : -1;

    private void Step()
    {
        if (_at >= _bytes.Length)
            return;

        if (_bytes[_at] == (byte)'\n')
        {
            _line++;
            _lineStart = _at + 1;
        }

        _at++;
    }

    private MarkupElement? Fail(int line, int column, string problem, string fix)
    {
        _diagnostics.Error(_file, line, column, "XML0001", "1226", problem, fix);
        return null;
    }

    private bool FailClosed(int line, int column, string problem, string fix)
    {
        Fail(line, column, problem, fix);
        return false;
    }
}
