namespace Redoubt.Collect;

/// <summary><c>ignore</c> and <c>restrict</c> of a <c>localfile</c>: which lines are not sent.</summary>
/// <remarks>Immutable; threads: safe.</remarks>
/// <param name="Ignore">A record that one of them fits is not sent.</param>
/// <param name="Restrict">A record that none of them fits is not sent; empty: no restriction.</param>
public sealed record LineFilter(IReadOnlyList<LinePattern> Ignore, IReadOnlyList<LinePattern> Restrict)
{
    /// <summary>Whether the record is sent.</summary>
    public bool Passes(ReadOnlySpan<byte> text)
    {
        foreach (var pattern in Ignore)
        {
            if (pattern.IsMatch(text))
                return false;
        }

        foreach (var pattern in Restrict)
        {
            if (pattern.IsMatch(text))
                return true;
        }

        return Restrict.Count == 0;
    }
}
