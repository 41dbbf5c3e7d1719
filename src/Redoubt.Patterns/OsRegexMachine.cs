namespace Redoubt.Patterns;

/// <summary>Runs one alternative of an osregex over a text: a single pass with four saved positions.</summary>
/// <remarks>
/// This is not a regular expression engine and must not become one: rulesets were written against the answers of this
/// machine, odd ones included (docs/compat/patterns.md). Quantifiers are lazy towards the next single element; a saved
/// position is taken up again without looking at its next byte; of two parentheses in a row the second is a literal.
/// Time: linear in the text, times the small number of restarts. Allocates nothing.
/// Source: rule-engine.md 5.1, "Machine"; the step numbers in the code are those of that page.
/// </remarks>
internal ref struct OsRegexMachine
{
    private const int None = int.MinValue;
    private const int Slots = 4;

    private readonly OsRegexAlternative _alternative;
    private readonly ReadOnlySpan<OsRegexElement> _elements;
    private readonly ReadOnlySpan<byte> _text;
    private readonly Span<int> _marks;
    private SavedPositions _saved;
    private int _savedCount;
    private int _element;
    private int _at;
    private int _again;
    private bool _many;

    public OsRegexMachine(OsRegexAlternative alternative, ReadOnlySpan<byte> text, Span<int> marks)
    {
        _alternative = alternative;
        _elements = alternative.Elements;
        _text = text;
        _marks = marks;
        _again = None;
    }

    private enum Step
    {
        /// <summary>Go on with the byte at the current position.</summary>
        Continue,
        Matched,
        Failed,
    }

    private enum Fit
    {
        No,
        End,
        One,
        Open,
        Literal,
    }

    /// <summary>Position of the last matched byte as the machine reports it; it may be one too far (or -1).</summary>
    public int End { get; private set; }

    /// <param name="wantCaptures">Decoders want captures, rules never; it changes one detail at the end of the text.</param>
    public bool Run(bool wantCaptures)
    {
        _marks.Fill(None);
        while (_at < _text.Length)
        {
            if (_element == 0 && _savedCount == 0 && !JumpToStart())
                return false;

            var step = Advance();
            if (step == Step.Matched)
                return true;

            if (step == Step.Failed && !Retry())
                return false;
        }

        return MatchesAtEnd(wantCaptures) && End != None;
    }

    // The same as failing byte by byte until the first element fits. A class that has matched before (many) may behave otherwise.
    private bool JumpToStart()
    {
        if (_alternative.AtStart)
            return true;

        int ahead;
        if (_alternative.FirstLiteral >= 0)
            ahead = FindFirstLiteral((byte)_alternative.FirstLiteral);
        else if (_alternative.FirstClass != 0 && !_many)
            ahead = FindFirstClass(_alternative.FirstClass);
        else
            return true;

        if (ahead < 0)
            return false;

        if (ahead > 0)
        {
            // Failing with a position to come back to restarts there; positions in between cannot match either.
            _again = None;
            End = None;
            _at += ahead;
        }

        return true;
    }

    private readonly int FindFirstLiteral(byte first)
    {
        var upper = first is >= (byte)'a' and <= (byte)'z' ? (byte)(first & 0xDF) : first;
        return _text[_at..].IndexOfAny(first, upper);
    }

    private readonly int FindFirstClass(ushort bit)
    {
        var rest = _text[_at..];
        for (var i = 0; i < rest.Length; i++)
        {
            if ((OsRegexClasses.Of(rest[i]) & bit) != 0)
                return i;
        }

        return -1;
    }

    private Step Advance()
    {
        // 1
        if (_element == _elements.Length)
            return EndOfPattern();

        if (_elements[_element].IsMark)
        {
            _marks[_elements[_element].Mark] = _at;
            _element++;
            if (_element == _elements.Length)
                return EndOfPattern();
        }

        var element = _elements[_element];
        var c = _text[_at];
        if (element.IsClass)
            return element.ClassContains(c) ? TakeClass(element, c) : MissClass(element);

        // 5
        if (element.Literal != AsciiFold.Lower(c))
            return Step.Failed;

        TakeOne();
        TakeLiterals();
        return Step.Continue;
    }

    // The literals behind a literal that matched, as far as they match too; the first that does not is left to the next step.
    private void TakeLiterals()
    {
        var (at, index) = (_at, _element);
        while (
            at < _text.Length
            && index < _elements.Length
            && _elements[index] is { Kind: ElementKind.Literal } element
            && element.Literal == AsciiFold.Lower(_text[at])
        )
        {
            at++;
            index++;
        }

        if (at == _at)
            return;

        End = at - 1;
        (_at, _element) = (at, index);
    }

    private readonly Step EndOfPattern() => _alternative.AtEnd ? Step.Failed : Step.Matched;

    private void TakeOne()
    {
        _element++;
        if (_again == None)
            _again = _at;

        End = _at++;
    }

    // 2
    private Step TakeClass(OsRegexElement element, byte c)
    {
        if (element.Quantifier == Quantifier.One)
        {
            TakeOne();
            return Step.Continue;
        }

        if (element.Quantifier == Quantifier.Star)
            _many = true;

        if (!_many)
        {
            NoteMark(_element + 1, _at == _text.Length - 1 ? _at + 1 : _at);
            _many = true;
        }
        else if (LookAhead(c) is var fit && fit != Fit.No)
        {
            if (fit != Fit.End)
                End = _at;

            _at++;
            return Step.Continue;
        }

        End = _at++;
        Repeat(element);
        return Step.Continue;
    }

    // What going on byte by byte would do, for as long as the class goes on and the next element does not fit: most of the work of
    // most patterns.
    private void Repeat(OsRegexElement element)
    {
        var next = IsMark(_element + 1) ? _element + 2 : _element + 1;
        if (next >= _elements.Length || _elements[next].ClassBit == element.ClassBit)
            return;

        var (start, at) = (_at, _at);
        var text = _text;
        var after = _elements[next];
        if (after.IsClass)
        {
            while (at < text.Length && (OsRegexClasses.Of(text[at]) & (element.ClassBit | after.ClassBit)) == element.ClassBit)
                at++;
        }
        else
        {
            while (at < text.Length && element.ClassContains(text[at]) && AsciiFold.Lower(text[at]) != after.Literal)
                at++;
        }

        if (at > start)
            End = at - 1;

        _at = at;
    }

    private Fit LookAhead(byte c)
    {
        var hasMark = IsMark(_element + 1);
        var next = _element + (hasMark ? 2 : 1);
        var fit = FitOf(next, c);
        if (fit == Fit.No)
            return fit;

        if (hasMark)
            NoteMark(_element + 1, fit == Fit.End ? _at + 1 : _at);

        if (fit == Fit.End)
            return fit;

        if (fit == Fit.Literal)
            _many = false;

        if (_savedCount < Slots)
            _saved[_savedCount++] = (_element, _at);

        _element = fit == Fit.Open ? next : next + 1;
        return fit;
    }

    private readonly Fit FitOf(int index, byte c)
    {
        if (index == _elements.Length)
            return Fit.End;

        var element = _elements[index];
        if (!element.IsClass)
            return element.Literal == AsciiFold.Lower(c) ? Fit.Literal : Fit.No;

        if (!element.ClassContains(c))
            return Fit.No;

        return element.Quantifier == Quantifier.One ? Fit.One : Fit.Open;
    }

    // 3 and 4
    private Step MissClass(OsRegexElement element)
    {
        var isLast =
            _element == _elements.Length - 1
            || (element.Quantifier == Quantifier.One && _element + 2 == _elements.Length && !_elements[_element + 1].IsClass);

        if (isLast && _many && End != None)
        {
            End = _at;
            if (!_alternative.AtEnd)
                return Step.Matched;
        }
        else if (element.Quantifier == Quantifier.Plus && _many)
        {
            _element++;
            _many = false;
            return Step.Continue;
        }
        else if (element.Quantifier == Quantifier.Star)
        {
            _element++;
            End = _at - 1;
            _many = false;
            return Step.Continue;
        }

        _many = false;
        return Step.Failed;
    }

    // 6
    private bool Retry()
    {
        if (_savedCount > 0)
        {
            (_element, _at) = _saved[--_savedCount];
            _at++;
            return true;
        }

        if (_alternative.AtStart)
            return false;

        if (_again != None)
        {
            _at = _again;
            _again = None;
        }

        _element = 0;
        End = None;
        _at++;
        return true;
    }

    private bool MatchesAtEnd(bool wantCaptures)
    {
        // a
        if (wantCaptures)
        {
            var ahead = _element;
            while (IsClass(ahead) && _elements[ahead].Quantifier == Quantifier.Star)
                ahead++;

            if (IsMark(ahead))
            {
                NoteMark(ahead, _text.Length);
                _element = ahead;
            }
        }

        // b
        if (PassMarkToEnd())
            return true;

        // c
        if (IsClass(_element) && _many)
        {
            if (_elements[_element].Quantifier == Quantifier.One)
            {
                _element++;
            }
            else
            {
                _element++;
                if (PassMarkToEnd())
                    return true;

                if (IsClass(_element))
                {
                    var passed = _elements[_element++].Quantifier;
                    if (passed == Quantifier.Star && PassMarkToEnd())
                        return true;

                    if (passed == Quantifier.Plus)
                        return false;
                }
            }
        }

        // d
        if (!IsClass(_element) || _elements[_element].Quantifier != Quantifier.Star)
            return false;

        _element++;
        return PassMarkToEnd();
    }

    private bool PassMarkToEnd()
    {
        if (IsMark(_element))
            _element++;

        return _element == _elements.Length;
    }

    private readonly bool IsMark(int index) => index < _elements.Length && _elements[index].IsMark;

    private readonly bool IsClass(int index) => index < _elements.Length && _elements[index].IsClass;

    private readonly void NoteMark(int index, int position)
    {
        if (IsMark(index))
            _marks[_elements[index].Mark] = position;
    }

    /// <summary>Places to come back to: the element and the byte at which the machine went on.</summary>
    [System.Runtime.CompilerServices.InlineArray(Slots)]
    private struct SavedPositions
    {
        private (int Element, int At) _first;
    }
}
