using System.Globalization;

namespace Redoubt.Patterns.Shapes;

/// <summary>Tells which texts a PCRE2 pattern matches.</summary>
/// <remarks>
/// Reads what decoders are written with. What it does not know (recursion, references back, conditions, <c>\K</c>) makes the answer null:
/// nothing can be proven of such a pattern. Lookbehinds and positive lookaheads are taken for "maybe". One reader per pattern.
/// </remarks>
internal ref struct Pcre2Shape
{
    private readonly ReadOnlySpan<byte> _pattern;
    private int _at;
    private int _groups;
    private int _depth;
    private bool _dotAll;
    private bool _anyCase;

    private Pcre2Shape(ReadOnlySpan<byte> pattern) => _pattern = pattern;

    /// <summary>Null when the pattern is not valid or holds something that is not known here.</summary>
    public static PatternNode? Read(ReadOnlySpan<byte> pattern)
    {
        var reader = new Pcre2Shape(pattern);
        var node = reader.Choice();
        return reader._at == pattern.Length ? node : null;
    }

    private readonly bool Sees(ReadOnlySpan<byte> text) => _pattern[_at..].StartsWith(text);

    private bool Skip(ReadOnlySpan<byte> text)
    {
        if (!Sees(text))
            return false;

        _at += text.Length;
        return true;
    }

    private PatternNode? Choice()
    {
        const int maxDepth = 100;
        if (++_depth > maxDepth)
            return null;

        // Flags hold until the end of the group that they stand in.
        var (dotAll, anyCase) = (_dotAll, _anyCase);
        var choices = new List<PatternNode>();
        do
        {
            if (Sequence() is not { } sequence)
                return null;

            choices.Add(sequence);
        } while (Skip("|"u8));

        (_dotAll, _anyCase) = (dotAll, anyCase);
        _depth--;
        return choices.Count == 1 ? choices[0] : new ChoiceNode(choices);
    }

    private SequenceNode? Sequence()
    {
        var parts = new List<PatternNode>();
        while (_at < _pattern.Length && _pattern[_at] is not ((byte)'|' or (byte)')'))
        {
            if (Atom() is not { } atom || Quantified(atom) is not { } part)
                return null;

            parts.Add(part);
        }

        return new SequenceNode(parts);
    }

    private PatternNode? Atom()
    {
        var c = _pattern[_at++];
        return c switch
        {
            (byte)'(' => Group(),
            (byte)'[' => Set(ClassOf()),
            (byte)'\\' => Escape(),
            (byte)'.' => Set(_dotAll ? ByteSet.All : ~ByteSet.NewLine),
            (byte)'^' => new StartNode(),
            (byte)'$' => new EndNode(AlsoBeforeNewline: true),
            (byte)'*' or (byte)'+' or (byte)'?' => null,
            _ => Set(ByteSet.Of(c)),
        };
    }

    private readonly SetNode? Set(ByteSet? set) => set is { } known ? new SetNode(_anyCase ? known.AnyCase() : known) : null;

    private PatternNode? Quantified(PatternNode atom)
    {
        var (least, most) = (1, (int?)1);
        if (Skip("*"u8))
            (least, most) = (0, null);
        else if (Skip("+"u8))
            (least, most) = (1, null);
        else if (Skip("?"u8))
            (least, most) = (0, 1);
        else if (!Counted(out least, out most))
            return atom;

        var repeat = new RepeatNode(atom, least, most);
        if (Skip("+"u8))
            return new AtomicNode(repeat);

        // A lazy repetition matches the same texts.
        Skip("?"u8);
        return repeat;
    }

    private bool Counted(out int least, out int? most)
    {
        (least, most) = (1, 1);
        if (!Sees("{"u8))
            return false;

        var length = _pattern[_at..].IndexOf((byte)'}');
        if (length < 0)
            return false;

        // Without a number in front PCRE2 takes the brace for itself.
        var text = _pattern.Slice(_at + 1, length - 1);
        var comma = text.IndexOf((byte)',');
        if (!TryReadNumber(comma < 0 ? text : text[..comma], out least))
            return false;

        most = least;
        if (comma >= 0)
        {
            var upper = text[(comma + 1)..];
            most = null;
            if (!upper.IsEmpty)
            {
                if (!TryReadNumber(upper, out var limit))
                    return false;

                most = limit;
            }
        }

        _at += length + 1;
        return true;
    }

    private static bool TryReadNumber(ReadOnlySpan<byte> text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private PatternNode? Group()
    {
        if (Skip("*"u8))
            return null;

        if (!Skip("?"u8))
            return Numbered();

        if (Skip("#"u8))
        {
            var end = _pattern[_at..].IndexOf((byte)')');
            _at += end + 1;
            return end < 0 ? null : PatternNode.Nothing;
        }

        if (Skip(":"u8))
            return Inner();

        if (Skip(">"u8))
            return Inner() is { } atomic ? new AtomicNode(atomic) : null;

        if (Skip("!"u8))
            return Inner() is { } unwanted ? new NotFollowedByNode(unwanted) : null;

        if (Skip("="u8) || Skip("<="u8) || Skip("<!"u8))
            return Inner() is null ? null : new SomeConditionNode();

        if (Skip("P<"u8) || Skip("<"u8))
            return SkipName((byte)'>') ? Numbered() : null;

        return Skip("'"u8) ? (SkipName((byte)'\'') ? Numbered() : null) : Flags();
    }

    private GroupNode? Numbered()
    {
        var number = ++_groups;
        return Inner() is { } part ? new GroupNode(number, part) : null;
    }

    private PatternNode? Inner() => Choice() is { } inner && Skip(")"u8) ? inner : null;

    private bool SkipName(byte end)
    {
        var length = _pattern[_at..].IndexOf(end);
        _at += length + 1;
        return length > 0;
    }

    // "(?s)", "(?i)" and what turns them off, for the rest of the group or for a group of their own.
    private PatternNode? Flags()
    {
        var (dotAll, anyCase, on) = (_dotAll, _anyCase, true);
        for (; _at < _pattern.Length; _at++)
        {
            switch (_pattern[_at])
            {
                case (byte)'s':
                    dotAll = on;
                    break;
                case (byte)'i':
                    anyCase = on;
                    break;
                case (byte)'-':
                    on = false;
                    break;
                case (byte)')':
                    _at++;
                    (_dotAll, _anyCase) = (dotAll, anyCase);
                    return PatternNode.Nothing;
                case (byte)':':
                    _at++;
                    var outside = (_dotAll, _anyCase);
                    (_dotAll, _anyCase) = (dotAll, anyCase);
                    var inner = Inner();
                    (_dotAll, _anyCase) = outside;
                    return inner;
                default:
                    return null;
            }
        }

        return null;
    }

    private PatternNode? Escape()
    {
        if (_at >= _pattern.Length)
            return null;

        switch (_pattern[_at])
        {
            case (byte)'A':
                _at++;
                return new StartNode();
            case (byte)'z':
                _at++;
                return new EndNode(AlsoBeforeNewline: false);
            case (byte)'Z':
                _at++;
                return new EndNode(AlsoBeforeNewline: true);
            case (byte)'b' or (byte)'B':
                _at++;
                return new SomeConditionNode();
            case (byte)'R':
                _at++;
                return new ChoiceNode([
                    new SequenceNode([new SetNode(ByteSet.Of((byte)'\r')), new SetNode(ByteSet.NewLine)]),
                    new SetNode(ByteSet.Between((byte)'\n', (byte)'\r') | ByteSet.Of(0x85)),
                ]);
            default:
                return Set(EscapedSet());
        }
    }

    // Of what stands behind a backslash, inside or outside of brackets; null for what is no set of bytes or not known.
    private ByteSet? EscapedSet()
    {
        if (_at >= _pattern.Length)
            return null;

        var c = _pattern[_at++];
        switch (c)
        {
            case (byte)'d':
                return ByteSet.Digits;
            case (byte)'D':
                return ~ByteSet.Digits;
            case (byte)'w':
                return ByteSet.Word;
            case (byte)'W':
                return ~ByteSet.Word;
            case (byte)'s':
                return ByteSet.White;
            case (byte)'S':
                return ~ByteSet.White;
            case (byte)'h':
                return ByteSet.Of((byte)' ') | ByteSet.Of((byte)'\t') | ByteSet.Of(0xA0);
            case (byte)'N':
                return ~ByteSet.NewLine;
            case (byte)'n':
                return ByteSet.NewLine;
            case (byte)'r':
                return ByteSet.Of((byte)'\r');
            case (byte)'t':
                return ByteSet.Of((byte)'\t');
            case (byte)'f':
                return ByteSet.Of((byte)'\f');
            case (byte)'e':
                return ByteSet.Of(0x1B);
            case (byte)'a':
                return ByteSet.Of(0x07);
            case (byte)'x':
                return Hexadecimal();
            default:
                return char.IsAsciiLetterOrDigit((char)c) ? null : ByteSet.Of(c);
        }
    }

    private ByteSet? Hexadecimal()
    {
        var (value, digits) = (0, 0);
        for (; digits < 2 && _at < _pattern.Length && char.IsAsciiHexDigit((char)_pattern[_at]); digits++)
            value = (value * 16) + Convert.ToInt32(((char)_pattern[_at++]).ToString(), 16);

        return digits == 0 ? null : ByteSet.Of((byte)value);
    }

    // Behind the opening bracket.
    private ByteSet? ClassOf()
    {
        var isNegated = Skip("^"u8);
        var set = default(ByteSet);
        for (var isFirst = true; _at < _pattern.Length; isFirst = false)
        {
            var c = _pattern[_at];
            if (c == ']' && !isFirst)
            {
                _at++;
                if (_anyCase)
                    set = set.AnyCase();

                return isNegated ? ~set : set;
            }

            if (Member(out var isSingle) is not { } member)
                return null;

            set |= isSingle && UpperEnd() is { } last ? ByteSet.Between(c == '\\' ? member.Sample() : c, last) : member;
        }

        return null;
    }

    private ByteSet? Member(out bool isSingle)
    {
        isSingle = true;
        if (Sees("[:"u8))
        {
            isSingle = false;
            return PosixClass();
        }

        var c = _pattern[_at++];
        if (c != '\\')
            return ByteSet.Of(c);

        // In brackets \b is the backspace.
        if (Skip("b"u8))
            return ByteSet.Of(0x08);

        isSingle = _at < _pattern.Length && !"dDwWsShN"u8.Contains(_pattern[_at]);
        return EscapedSet();
    }

    // The last of a range, if one follows.
    private byte? UpperEnd()
    {
        if (!Sees("-"u8) || _at + 1 >= _pattern.Length || _pattern[_at + 1] == ']')
            return null;

        _at++;
        return Member(out var isSingle) is { } member && isSingle ? member.Sample() : null;
    }

    private ByteSet? PosixClass()
    {
        var length = _pattern[_at..].IndexOf(":]"u8);
        if (length < 0)
            return null;

        var name = _pattern.Slice(_at + 2, length - 2);
        _at += length + 2;
        return name switch
        {
            _ when name.SequenceEqual("alpha"u8) => ByteSet.Letters,
            _ when name.SequenceEqual("digit"u8) => ByteSet.Digits,
            _ when name.SequenceEqual("alnum"u8) => ByteSet.Letters | ByteSet.Digits,
            _ when name.SequenceEqual("space"u8) => ByteSet.White,
            _ when name.SequenceEqual("upper"u8) => ByteSet.Between((byte)'A', (byte)'Z'),
            _ when name.SequenceEqual("lower"u8) => ByteSet.Between((byte)'a', (byte)'z'),
            _ when name.SequenceEqual("xdigit"u8) => ByteSet.Where(c => char.IsAsciiHexDigit((char)c)),
            _ when name.SequenceEqual("punct"u8) => ByteSet.Where(c => c is > 32 and < 127 && !char.IsAsciiLetterOrDigit((char)c)),
            _ when name.SequenceEqual("word"u8) => ByteSet.Word,
            _ => null,
        };
    }
}
