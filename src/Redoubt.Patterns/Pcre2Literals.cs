using System.Buffers;

namespace Redoubt.Patterns;

/// <summary>Finds literal texts without which a PCRE2 pattern cannot match, so that most lines need not be searched by it.</summary>
/// <remarks>Reads the part of the syntax that rules are written in. What it does not know (conditions, references, recursion, verbs, <c>x</c> mode, …)
/// makes it say nothing about the whole pattern: a literal that is not needed would hide attacks. Lower case, ASCII: patterns are no UTF.
/// Source: pcre2pattern(3).</remarks>
internal ref struct Pcre2Literals
{
    private const int MostTexts = 24;
    private const int DeepestGroup = 50;

    private static readonly SearchValues<byte> NameBytes = SearchValues.Create("^abcdefghijklmnopqrstuvwxyz"u8);

    private readonly ReadOnlySpan<byte> _pattern;
    private int _at;
    private int _depth;
    private bool _isUnknown;

    private Pcre2Literals(ReadOnlySpan<byte> pattern) => _pattern = pattern;

    private enum Repeat
    {
        Once,
        Often,
        Optional,
    }

    /// <summary>Lower-case texts of which one stands in everything that matches, or none when nothing is known.</summary>
    public static byte[][] Required(ReadOnlySpan<byte> pattern)
    {
        var reader = new Pcre2Literals(pattern);
        var texts = reader.ReadAlternatives();
        return reader._isUnknown || reader._at < pattern.Length ? [] : texts;
    }

    private readonly bool IsOver => _isUnknown || _at >= _pattern.Length;

    private readonly byte Next => _pattern[_at];

    private bool Take(ReadOnlySpan<byte> text)
    {
        if (!_pattern[_at..].StartsWith(text))
            return false;

        _at += text.Length;
        return true;
    }

    private byte[][] ReadAlternatives()
    {
        var texts = new List<byte[]>();
        var isKnown = true;
        do
        {
            var ofSequence = ReadSequence(out var isImpossible);
            isKnown &= isImpossible || ofSequence.Length > 0;
            if (!isImpossible)
                texts.AddRange(ofSequence);
        } while (!IsOver && Take("|"u8));

        return isKnown && texts.Count <= MostTexts ? [.. texts] : [];
    }

    // All of its parts are needed: the part that says most is taken.
    private byte[][] ReadSequence(out bool isImpossible)
    {
        isImpossible = false;
        byte[][] best = [];
        var row = new List<byte>();
        while (!IsOver && Next is not ((byte)'|' or (byte)')'))
        {
            if (ReadLiteral() is { } literal)
            {
                var repeat = ReadRepeat();
                if (repeat != Repeat.Optional)
                    row.Add(AsciiFold.Lower(literal));

                if (repeat != Repeat.Once)
                    best = EndRow(best, row);
            }
            else
            {
                best = EndRow(best, row);
                var texts = ReadOther(out var never);
                if (ReadRepeat() != Repeat.Optional)
                {
                    isImpossible |= never;
                    best = Better(best, texts);
                }
            }
        }

        return EndRow(best, row);
    }

    private static byte[][] EndRow(byte[][] best, List<byte> row)
    {
        if (row.Count == 0)
            return best;

        best = Better(
            best,
            [
                [.. row],
            ]
        );
        row.Clear();
        return best;
    }

    private static byte[][] Better(byte[][] best, byte[][] texts) => Worth(texts) > Worth(best) ? texts : best;

    private static int Worth(byte[][] texts)
    {
        const int longEnough = 12;
        if (texts.Length == 0)
            return 0;

        var shortest = texts.Min(text => text.Length);
        return shortest < LiteralSet.MinBytes ? 0 : 100 + (4 * Math.Min(shortest, longEnough)) - texts.Length;
    }

    // The next byte of the text, if the next thing of the pattern is one; nothing is read otherwise.
    private byte? ReadLiteral()
    {
        var c = Next;
        if (c == '\\')
            return ReadEscapedLiteral();

        if (c is (byte)'(' or (byte)'[' or (byte)'.' or (byte)'^' or (byte)'$')
            return null;

        if (c is (byte)'*' or (byte)'+' or (byte)'?')
        {
            // Nothing stands before it that could be repeated.
            _isUnknown = true;
            return null;
        }

        _at++;
        return c;
    }

    private byte? ReadEscapedLiteral()
    {
        if (_at + 1 >= _pattern.Length)
        {
            _isUnknown = true;
            return null;
        }

        var c = _pattern[_at + 1];
        byte? literal = c switch
        {
            (byte)'a' => 7,
            (byte)'e' => 27,
            (byte)'f' => 12,
            (byte)'n' => 10,
            (byte)'r' => 13,
            (byte)'t' => 9,
            _ => char.IsAsciiLetterOrDigit((char)c) ? null : c,
        };
        if (literal is not null)
            _at += 2;

        return literal;
    }

    // A group, a class, a place: texts of which one is needed, mostly none.
    private byte[][] ReadOther(out bool isImpossible)
    {
        isImpossible = false;
        if (IsOver)
            return [];

        switch (Next)
        {
            case (byte)'(':
                return ReadGroup(out isImpossible);
            case (byte)'[':
                SkipClass();
                return [];
            case (byte)'\\':
                SkipEscape();
                return [];
            default:
                _at++;
                return [];
        }
    }

    private void SkipEscape()
    {
        var c = _pattern[_at + 1];
        _at += 2;
        if (c == 'x' && !IsOver && Next != '{')
        {
            for (var digits = 0; digits < 2 && !IsOver && char.IsAsciiHexDigit((char)Next); digits++)
                _at++;

            return;
        }

        var isOneByteOrPlace = "dDsSwWhHvVNRXAzZbBGK"u8.Contains(c);
        if (!isOneByteOrPlace || (c == 'N' && !IsOver && Next == '{'))
            _isUnknown = true;
    }

    private void SkipClass()
    {
        _at++;
        Take("^"u8);
        Take("]"u8);
        while (!IsOver)
        {
            if (Take("]"u8))
                return;

            if (Take("\\"u8))
            {
                // These would hide the end: [\Q]\E] and [\c]].
                if (IsOver || Next is (byte)'Q' or (byte)'c')
                    break;

                _at++;
            }
            else if (Take("[:"u8))
            {
                var end = _pattern[_at..].IndexOf(":]"u8);
                if (end < 0 || _pattern.Slice(_at, end).IndexOfAnyExcept(NameBytes) >= 0)
                    break;

                _at += end + 2;
            }
            else if (Take("[="u8) || Take("[."u8))
            {
                break;
            }
            else
            {
                _at++;
            }
        }

        _isUnknown = true;
    }

    private byte[][] ReadGroup(out bool isImpossible)
    {
        isImpossible = false;
        _at++;
        var isLookaround = false;
        if (Take("?"u8))
        {
            isImpossible = _pattern[_at..].StartsWith("!)"u8);
            if (Take("="u8) || Take("!"u8) || Take("<="u8) || Take("<!"u8))
                isLookaround = true;
            else if (Take("P<"u8) || Take("<"u8))
                SkipName((byte)'>');
            else if (Take("'"u8))
                SkipName((byte)'\'');
            else if (!Take(":"u8) && !Take(">"u8) && !TakeOptions())
                _isUnknown = true;
        }
        else if (!IsOver && Next == '*')
        {
            _isUnknown = true;
        }

        // Options stand for the rest of the group they are in.
        if (!IsOver && _pattern[_at - 1] == ')')
            return [];

        if (IsOver || ++_depth > DeepestGroup)
        {
            _isUnknown |= _depth > DeepestGroup;
            return [];
        }

        var texts = ReadAlternatives();
        _depth--;
        if (IsOver || !Take(")"u8))
            _isUnknown = true;

        return isLookaround ? [] : texts;
    }

    private void SkipName(byte end)
    {
        var length = _pattern[_at..].IndexOf(end);
        if (length < 0)
            _isUnknown = true;
        else
            _at += length + 1;
    }

    // (?i) (?s-m) (?i: … Folded texts hold with and without i.
    private bool TakeOptions()
    {
        while (!IsOver && "ims-"u8.Contains(Next))
            _at++;

        return !IsOver && (Take(")"u8) || Take(":"u8));
    }

    private Repeat ReadRepeat()
    {
        if (IsOver)
            return Repeat.Once;

        Repeat repeat;
        if (Take("*"u8) || Take("?"u8))
            repeat = Repeat.Optional;
        else if (Take("+"u8))
            repeat = Repeat.Often;
        else if (Next == '{')
            repeat = ReadCount();
        else
            return Repeat.Once;

        // Lazy and possessive forms need the same.
        if (!IsOver && repeat != Repeat.Once && !Take("?"u8))
            Take("+"u8);

        return repeat;
    }

    private Repeat ReadCount()
    {
        var length = _pattern[_at..].IndexOf((byte)'}');
        var inside = length < 0 ? [] : _pattern.Slice(_at + 1, length - 1);
        var digits = inside.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        var least = digits < 0 ? inside : inside[..digits];
        if (
            least.Length > 0
            && (digits < 0 || inside[digits] == ',')
            && inside[Math.Min(least.Length + 1, inside.Length)..].IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0
        )
        {
            _at += length + 1;
            return least.IndexOfAnyExcept((byte)'0') < 0 ? Repeat.Optional : Repeat.Often;
        }

        // A brace that counts in some versions of the library and stands for itself in others.
        _isUnknown = true;
        return Repeat.Once;
    }
}
