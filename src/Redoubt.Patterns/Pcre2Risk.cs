using System.Buffers;

namespace Redoubt.Patterns;

/// <summary>Finds PCRE2 patterns whose time may grow exponentially with the text: a repeated group that can itself be read in many ways,
/// such as <c>(a+)+</c> or <c>(\w+\s?)*</c>.</summary>
/// <remarks>
/// An alternative of a repeated group is dangerous when something in it repeats without bound and everything else in it may be absent:
/// then the same text can be split between the two repetitions in any number of ways. Possessive repetitions and atomic groups
/// never give back what they took and are harmless. This is a warning for authors, not a proof; the step limit of
/// <see cref="Pcre2Pattern"/> is what protects the engine. Cost: one pass. Threads: safe.
/// </remarks>
public static class Pcre2Risk
{
    private static readonly SearchValues<byte> InBraces = SearchValues.Create(" 0123456789,"u8);

    /// <summary>Whether the pattern has such a group.</summary>
    public static bool IsExplosive(ReadOnlySpan<byte> pattern)
    {
        var reader = new Reader(pattern);
        reader.Alternatives(depth: 0, out _);
        return reader.Found;
    }

    private ref struct Reader(ReadOnlySpan<byte> pattern)
    {
        // Deeper ones are not looked at: PCRE2 itself refuses them.
        private const int MaxDepth = 250;

        private readonly ReadOnlySpan<byte> _pattern = pattern;
        private int _at;

        public bool Found { get; private set; }

        /// <summary>Reads to the end of the group or of the pattern.</summary>
        /// <param name="depth">Groups around it.</param>
        /// <param name="isAmbiguous">Whether one alternative consists of an unbounded repetition and optional parts only.</param>
        public void Alternatives(int depth, out bool isAmbiguous)
        {
            isAmbiguous = false;
            var (repeats, isFixed) = (false, false);
            while (_at < _pattern.Length && _pattern[_at] != (byte)')')
            {
                if (_pattern[_at] == (byte)'|')
                {
                    _at++;
                    isAmbiguous |= repeats && !isFixed;
                    (repeats, isFixed) = (false, false);
                    continue;
                }

                var width = Element(depth, out var content);
                if (width == Width.None)
                    continue;

                var times = Quantifier();
                if (times == Times.Unbounded && content)
                    Found = true;

                repeats |= times == Times.Unbounded || (times == Times.Once && content);
                isFixed |= times == Times.Once && !content;
            }

            isAmbiguous |= repeats && !isFixed;
        }

        private enum Width
        {
            None,
            Some,
        }

        private enum Times
        {
            Once,
            Optional,
            Unbounded,
            Possessive,
        }

        private Width Element(int depth, out bool isAmbiguous)
        {
            isAmbiguous = false;
            switch (_pattern[_at++])
            {
                case (byte)'^' or (byte)'$':
                    return Width.None;
                case (byte)'\\':
                    return Escape();
                case (byte)'[':
                    Class();
                    return Width.Some;
                case (byte)'(':
                    return Group(depth, out isAmbiguous);
                default:
                    return Width.Some;
            }
        }

        private Width Escape()
        {
            var letter = _at < _pattern.Length ? _pattern[_at++] : (byte)0;
            if (letter == (byte)'Q')
            {
                var end = _pattern[_at..].IndexOf("\\E"u8);
                _at = end < 0 ? _pattern.Length : _at + end + 2;
                return Width.Some;
            }

            // \x{…}, \p{…}, \k<…>: one element with what stands in the brackets.
            if (_at < _pattern.Length && letter is (byte)'x' or (byte)'p' or (byte)'P' or (byte)'g' or (byte)'k' or (byte)'o')
                SkipTo((byte)'{', (byte)'}');

            return letter is (byte)'b' or (byte)'B' or (byte)'A' or (byte)'Z' or (byte)'z' or (byte)'G' or (byte)'K'
                ? Width.None
                : Width.Some;
        }

        private void Class()
        {
            if (_at < _pattern.Length && _pattern[_at] == (byte)'^')
                _at++;

            // A bracket right at the start is a member.
            if (_at < _pattern.Length && _pattern[_at] == (byte)']')
                _at++;

            while (_at < _pattern.Length && _pattern[_at] != (byte)']')
            {
                if (_pattern[_at] == (byte)'\\')
                    _at++;
                else if (_pattern[_at..].StartsWith("[:"u8) && _pattern[_at..].IndexOf(":]"u8) is var end and > 0)
                    _at += end + 1;

                _at++;
            }

            _at = Math.Min(_at + 1, _pattern.Length);
        }

        private Width Group(int depth, out bool isAmbiguous)
        {
            isAmbiguous = false;
            var (isLook, isAtomic) = (false, false);
            if (_at < _pattern.Length && _pattern[_at] == (byte)'?')
            {
                var rest = _pattern[_at..];
                isLook = rest.StartsWith("?="u8) || rest.StartsWith("?!"u8) || rest.StartsWith("?<="u8) || rest.StartsWith("?<!"u8);
                isAtomic = rest.StartsWith("?>"u8);
                if (rest.StartsWith("?#"u8))
                {
                    SkipPast((byte)')');
                    return Width.None;
                }

                SkipPrefix();
            }
            else if (_at < _pattern.Length && _pattern[_at] == (byte)'*')
            {
                SkipPast((byte)')');
                return Width.None;
            }

            if (depth >= MaxDepth)
            {
                _at = _pattern.Length;
                return Width.None;
            }

            Alternatives(depth + 1, out isAmbiguous);
            _at = Math.Min(_at + 1, _pattern.Length);
            isAmbiguous &= !isAtomic;
            return isLook ? Width.None : Width.Some;
        }

        // (?: (?i) (?<name> (?P<name> (?'name' (?= and their like, up to where the content begins.
        private void SkipPrefix()
        {
            _at++;
            while (_at < _pattern.Length)
            {
                var letter = _pattern[_at];
                if (letter == (byte)')')
                    return;

                _at++;
                if (letter is (byte)':' or (byte)'=' or (byte)'!' or (byte)'>' or (byte)'|')
                    return;

                if (letter == (byte)'\'')
                {
                    SkipPast((byte)'\'');
                    return;
                }
            }
        }

        private Times Quantifier()
        {
            if (_at >= _pattern.Length)
                return Times.Once;

            var times = Times.Once;
            switch (_pattern[_at])
            {
                case (byte)'*' or (byte)'+':
                    _at++;
                    times = Times.Unbounded;
                    break;
                case (byte)'?':
                    _at++;
                    times = Times.Optional;
                    break;
                case (byte)'{' when Braces() is { } braces:
                    times = braces;
                    break;
            }

            if (times == Times.Once || _at >= _pattern.Length)
                return times;

            if (_pattern[_at] == (byte)'+')
            {
                _at++;
                return Times.Possessive;
            }

            if (_pattern[_at] == (byte)'?')
                _at++;

            return times;
        }

        // {n} {n,} {n,m} {,m}; anything else is text.
        private Times? Braces()
        {
            var end = _pattern[_at..].IndexOf((byte)'}');
            if (end < 0)
                return null;

            var inner = _pattern.Slice(_at + 1, end - 1);
            var comma = inner.IndexOf((byte)',');
            if (inner.IsEmpty || inner.ContainsAnyExcept(InBraces))
                return null;

            _at += end + 1;
            var isOptional = inner[0] is (byte)'0' or (byte)',';
            return comma == inner.Length - 1 && comma >= 0 ? Times.Unbounded
                : isOptional ? Times.Optional
                : Times.Once;
        }

        private void SkipTo(byte open, byte close)
        {
            if (_at < _pattern.Length && _pattern[_at] == open)
                SkipPast(close);
        }

        private void SkipPast(byte end)
        {
            var at = _pattern[_at..].IndexOf(end);
            _at = at < 0 ? _pattern.Length : _at + at + 1;
        }
    }
}
