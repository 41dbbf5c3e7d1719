using System.Text;

namespace Redoubt.Corpus;

/// <summary>A line's text with places for what differs: <c>{user}</c>, <c>{address}</c> …</summary>
internal sealed class LineTemplate
{
    private readonly List<(byte[] Text, string Place)> _pieces = [];

    /// <exception cref="ArgumentException">A place that <see cref="Session"/> does not know; a bug in a table of scripts.</exception>
    public LineTemplate(string text)
    {
        var at = 0;
        while (text.IndexOf('{', at) is var open and >= 0)
        {
            var close = text.IndexOf('}', open);
            var place = text[(open + 1)..close];
            if (!Session.Places.Contains(place))
                throw new ArgumentException($"'{place}' in '{text}' is no place.", nameof(text));

            _pieces.Add((Encoding.ASCII.GetBytes(text[at..open]), place));
            at = close + 1;
        }

        _pieces.Add((Encoding.ASCII.GetBytes(text[at..]), string.Empty));
    }

    /// <summary>Writes the line, with its newline.</summary>
    public void Write(LineBuffer buffer, Session session, LogTime time)
    {
        foreach (var (text, place) in _pieces)
        {
            buffer.Add(text);
            if (place.Length > 0)
                session.Write(buffer, place, time);
        }

        buffer.Add("\n"u8);
    }
}
