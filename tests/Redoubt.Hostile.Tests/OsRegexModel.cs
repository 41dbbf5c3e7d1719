namespace Redoubt.Tests.Hostile;

/// <summary>The osregex dialect written down a second time, step by step as rule-engine.md 5.1 words it, with captures and alternatives.</summary>
/// <remarks>Slow and without any shortcut: no look at first bytes, no runs, no tables.</remarks>
internal sealed class OsRegexModel
{
    private readonly List<Alternative> _alternatives = [];

    /// <param name="pattern">A valid pattern.</param>
    public OsRegexModel(string pattern)
    {
        var start = 0;
        for (var at = 0; at <= pattern.Length; at++)
        {
            if (at < pattern.Length && pattern[at] == '\\')
                at++;
            else if (at == pattern.Length || pattern[at] == '|')
            {
                _alternatives.Add(Alternative.Read(pattern[start..at]));
                start = at + 1;
            }
        }
    }

    /// <summary>What the machine answers: captures and the offset behind the match, or null.</summary>
    public (List<string> Captures, int Next)? Match(string text, bool wantCaptures)
    {
        foreach (var alternative in _alternatives)
        {
            var run = new Run(alternative, text);
            if (run.Matches(wantCaptures && alternative.Marks > 0))
                return (run.Captures(), Math.Min(run.End + 1, text.Length));
        }

        return null;
    }

    private enum Kind
    {
        Literal,
        Class,
        Mark,
    }

    private sealed record Element(Kind Kind, char Value, char Quantifier, int Mark)
    {
        public bool Takes(char c) =>
            Kind != Kind.Class
                ? char.ToLowerInvariant(c) == Value
                : Value switch
                {
                    'd' => char.IsAsciiDigit(c),
                    'D' => !char.IsAsciiDigit(c),
                    'w' => IsWord(c),
                    'W' => !IsWord(c),
                    's' => c == ' ',
                    'S' => c != ' ',
                    't' => c == '\t',
                    'p' => "!\"#$%&'()*+,-.:;<=>?[]{|}".Contains(c, StringComparison.Ordinal),
                    '.' => true,
                    _ => c == Value,
                };

        private static bool IsWord(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '@' or '_';
    }

    private sealed record Alternative(List<Element> Elements, bool AtStart, bool AtEnd, int Marks)
    {
        public static Alternative Read(string text)
        {
            var atStart = text.StartsWith('^');
            var elements = new List<Element>();
            var (marks, atEnd) = (0, false);
            for (var at = atStart ? 1 : 0; at < text.Length; at++)
            {
                if (text[at] == '\\')
                {
                    var name = text[++at];
                    var quantifier = at + 1 < text.Length && text[at + 1] is '+' or '*' ? text[++at] : '1';
                    elements.Add(new Element(Kind.Class, name, quantifier, -1));
                }
                else if (text[at] is '(' or ')')
                    elements.Add(new Element(Kind.Mark, '(', '1', marks++));
                else if (text[at] == '$' && at == text.Length - 1)
                    atEnd = true;
                else
                    elements.Add(new Element(Kind.Literal, char.ToLowerInvariant(text[at]), '1', -1));
            }

            return new Alternative(elements, atStart, atEnd, marks);
        }
    }

    private sealed class Run(Alternative alternative, string text)
    {
        private readonly List<Element> _e = alternative.Elements;
        private readonly int?[] _marks = new int?[alternative.Marks];
        private readonly (int P, int S)?[] _slots = new (int, int)?[4];
        private int _p;
        private int _s;
        private bool _many;
        private int? _again;
        private int? _end = 0;

        public int End => _end ?? 0;

        public List<string> Captures()
        {
            var captures = new List<string>();
            for (var i = 0; i + 1 < _marks.Length && _marks[i] is { } from && _marks[i + 1] is { } to; i += 2)
                captures.Add(text[from..Math.Max(from, to)]);

            return captures;
        }

        public bool Matches(bool wantCaptures)
        {
            while (_s < text.Length)
            {
                if (Step() is { } answer)
                    return answer;
            }

            return AtTextEnd(wantCaptures) && _end is not null;
        }

        private bool? Step()
        {
            if (_p == _e.Count)
                return alternative.AtEnd ? Fail() : true;

            if (_e[_p].Kind == Kind.Mark)
            {
                Note(_p++, _s);
                if (_p == _e.Count)
                    return alternative.AtEnd ? Fail() : true;
            }

            var (element, c) = (_e[_p], text[_s]);
            if (element.Kind == Kind.Class)
                return element.Takes(c) ? TakeClass(element, c) : MissClass(element);

            return element.Takes(c) ? TakeOne() : Fail();
        }

        private bool? TakeOne()
        {
            _p++;
            _again ??= _s;
            _end = _s++;
            return null;
        }

        private bool? TakeClass(Element element, char c)
        {
            if (element.Quantifier == '1')
                return TakeOne();

            _many |= element.Quantifier == '*';
            if (_many)
            {
                var passed = Is(_p + 1, Kind.Mark);
                var q = _p + (passed ? 2 : 1);
                var isEnd = q == _e.Count;
                if (isEnd || _e[q].Takes(c))
                {
                    if (passed)
                        Note(_p + 1, isEnd ? _s + 1 : _s);

                    if (isEnd)
                    {
                        _s++;
                        return null;
                    }

                    var free = Array.FindIndex(_slots, slot => slot is null);
                    if (free >= 0)
                        _slots[free] = (_p, _s);

                    if (_e[q].Kind != Kind.Class)
                        _many = false;

                    _p = _e[q] is { Kind: Kind.Class, Quantifier: not '1' } ? q : q + 1;
                }
            }
            else
            {
                if (Is(_p + 1, Kind.Mark))
                    Note(_p + 1, _s == text.Length - 1 ? _s + 1 : _s);

                _many = true;
            }

            _end = _s++;
            return null;
        }

        private bool? MissClass(Element element)
        {
            var isLast = _p == _e.Count - 1 || (element.Quantifier == '1' && _p + 2 == _e.Count && _e[_p + 1].Kind != Kind.Class);
            if (isLast && _many && _end is not null)
            {
                _end = _s;
                if (!alternative.AtEnd)
                    return true;
            }
            else if (element.Quantifier == '+' && _many)
            {
                _p++;
                _many = false;
                return null;
            }
            else if (element.Quantifier == '*')
            {
                _p++;
                _end = _s - 1;
                _many = false;
                return null;
            }

            _many = false;
            return Fail();
        }

        private bool? Fail()
        {
            var filled = Array.FindLastIndex(_slots, slot => slot is not null);
            if (filled >= 0)
            {
                (_p, _s) = _slots[filled]!.Value;
                _slots[filled] = null;
                _s++;
                return null;
            }

            if (alternative.AtStart)
                return false;

            if (_again is { } again)
                (_s, _again) = (again, null);

            _p = 0;
            _end = null;
            _s++;
            return null;
        }

        private bool AtTextEnd(bool wantCaptures)
        {
            if (wantCaptures)
            {
                var ahead = _p;
                while (Is(ahead, Kind.Class) && _e[ahead].Quantifier == '*')
                    ahead++;

                if (Is(ahead, Kind.Mark))
                {
                    Note(ahead, text.Length);
                    _p = ahead;
                }
            }

            if (PassesToEnd())
                return true;

            if (Is(_p, Kind.Class) && _many)
            {
                var quantifier = _e[_p++].Quantifier;
                if (quantifier != '1')
                {
                    if (PassesToEnd())
                        return true;

                    if (Is(_p, Kind.Class))
                    {
                        var next = _e[_p++].Quantifier;
                        if (next == '*' && PassesToEnd())
                            return true;

                        if (next == '+')
                            return false;
                    }
                }
            }

            if (!Is(_p, Kind.Class) || _e[_p].Quantifier != '*')
                return false;

            _p++;
            return PassesToEnd();
        }

        private bool PassesToEnd()
        {
            if (Is(_p, Kind.Mark))
                _p++;

            return _p == _e.Count;
        }

        private bool Is(int index, Kind kind) => index < _e.Count && _e[index].Kind == kind;

        private void Note(int index, int position) => _marks[_e[index].Mark] = position;
    }
}
