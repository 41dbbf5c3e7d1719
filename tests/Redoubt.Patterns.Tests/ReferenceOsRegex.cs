using System.Text;

namespace Redoubt.Tests.Patterns;

/// <summary>The osregex machine written down as plainly as its description, without any shortcut: the oracle of the fast one.</summary>
internal sealed class ReferenceOsRegex
{
    private readonly List<(char Kind, char Value, char Quantifier)> _elements = [];
    private readonly bool _atStart;
    private readonly bool _atEnd;

    /// <param name="pattern">One alternative of a valid pattern.</param>
    public ReferenceOsRegex(string pattern)
    {
        _atStart = pattern.StartsWith('^');
        var at = _atStart ? 1 : 0;
        _atEnd =
            pattern.Length > at
            && pattern[^1] == '$'
            && !(pattern.Length >= 2 && pattern[^2] == '\\' && CountBackslashes(pattern) % 2 == 1);
        var end = _atEnd ? pattern.Length - 1 : pattern.Length;
        while (at < end)
        {
            var c = pattern[at++];
            if (c == '\\')
            {
                var name = pattern[at++];
                var quantifier = at < end && pattern[at] is '+' or '*' ? pattern[at++] : '1';
                _elements.Add(('c', name, quantifier));
            }
            else
            {
                _elements.Add((c is '(' or ')' ? 'm' : 'l', c is '(' or ')' ? '(' : char.ToLowerInvariant(c), '1'));
            }
        }
    }

    public int End { get; private set; }

    public bool IsMatch(string text)
    {
        const int None = -99;
        var (p, s, again, many) = (0, 0, None, false);
        End = 0;
        var slots = new Stack<(int P, int S)>();
        var n = _elements.Count;
        while (s < text.Length)
        {
            var c = text[s];
            var failed = false;
            if (p < n && _elements[p].Kind == 'm')
                p++;

            if (p == n)
            {
                if (!_atEnd)
                    return true;

                failed = true;
            }
            else if (_elements[p].Kind == 'c' && Contains(p, c))
            {
                if (_elements[p].Quantifier == '1')
                {
                    p++;
                    again = again == None ? s : again;
                    End = s++;
                    continue;
                }

                many |= _elements[p].Quantifier == '*';
                if (many)
                {
                    var q = p + 1 < n && _elements[p + 1].Kind == 'm' ? p + 2 : p + 1;
                    if (q == n)
                    {
                        s++;
                        continue;
                    }

                    var isClass = _elements[q].Kind == 'c';
                    if (isClass ? Contains(q, c) : _elements[q].Value == char.ToLowerInvariant(c))
                    {
                        if (slots.Count < 4)
                            slots.Push((p, s));

                        many = isClass;
                        p = isClass && _elements[q].Quantifier != '1' ? q : q + 1;
                    }
                }
                else
                {
                    many = true;
                }

                End = s++;
                continue;
            }
            else if (_elements[p].Kind == 'c')
            {
                var isLast = p == n - 1 || (_elements[p].Quantifier == '1' && p + 2 == n && _elements[p + 1].Kind != 'c');
                if (isLast && many && End != None)
                {
                    End = s;
                    if (!_atEnd)
                        return true;
                }
                else if (_elements[p].Quantifier == '+' && many)
                {
                    p++;
                    many = false;
                    continue;
                }
                else if (_elements[p].Quantifier == '*')
                {
                    p++;
                    End = s - 1;
                    many = false;
                    continue;
                }

                many = false;
                failed = true;
            }
            else if (_elements[p].Value == char.ToLowerInvariant(c))
            {
                p++;
                again = again == None ? s : again;
                End = s++;
                continue;
            }
            else
            {
                failed = true;
            }

            if (!failed)
                continue;

            if (slots.TryPop(out var slot))
            {
                (p, s) = (slot.P, slot.S + 1);
                continue;
            }

            if (_atStart)
                return false;

            if (again != None)
                (s, again) = (again, None);

            p = 0;
            End = None;
            s++;
        }

        return MatchesAtEnd(p, n, many) && End != None;
    }

    private bool MatchesAtEnd(int p, int n, bool many)
    {
        if (Pass(ref p, n))
            return true;

        if (p < n && _elements[p].Kind == 'c' && many)
        {
            var quantifier = _elements[p++].Quantifier;
            if (quantifier != '1')
            {
                if (Pass(ref p, n))
                    return true;

                if (p < n && _elements[p].Kind == 'c')
                {
                    var passed = _elements[p++].Quantifier;
                    if (passed == '*' && Pass(ref p, n))
                        return true;

                    if (passed == '+')
                        return false;
                }
            }
        }

        if (p >= n || _elements[p] is not ('c', _, '*'))
            return false;

        p++;
        return Pass(ref p, n);
    }

    private bool Pass(ref int p, int n)
    {
        if (p < n && _elements[p].Kind == 'm')
            p++;

        return p == n;
    }

    private bool Contains(int p, char c) =>
        _elements[p].Value switch
        {
            'd' => char.IsAsciiDigit(c),
            'w' => char.IsAsciiLetterOrDigit(c) || c is '-' or '@' or '_',
            's' => c == ' ',
            'S' => c != ' ',
            'D' => !char.IsAsciiDigit(c),
            'W' => !(char.IsAsciiLetterOrDigit(c) || c is '-' or '@' or '_'),
            'p' => "!\"#$%&'()*+,-.:;<=>?[]{|}".Contains(c, StringComparison.Ordinal),
            '.' => true,
            var literal => c == literal,
        };

    private static int CountBackslashes(string pattern)
    {
        var count = 0;
        for (var i = pattern.Length - 2; i >= 0 && pattern[i] == '\\'; i--)
            count++;

        return count;
    }

    /// <summary>A random pattern of one alternative; not always a valid one.</summary>
    public static string RandomPattern(Random random)
    {
        string[] pieces = ["\\d", "\\w", "\\s", "\\S", "\\.", "\\p", "\\D", "\\W", "a", "b", "1", " ", ":", "(", ")", "\\(", "ab"];
        var text = new StringBuilder(random.Next(4) == 0 ? "^" : string.Empty);
        for (var count = random.Next(1, 7); count > 0; count--)
        {
            var piece = pieces[random.Next(pieces.Length)];
            text.Append(piece);
            if (piece.StartsWith('\\'))
                text.Append(
                    random.Next(4) switch
                    {
                        0 or 1 => "+",
                        2 => "*",
                        _ => string.Empty,
                    }
                );
        }

        return text.Append(random.Next(5) == 0 ? "$" : string.Empty).ToString();
    }
}
