using Redoubt.Engine.Decode;
using Redoubt.Engine.Match;
using Redoubt.Patterns;

namespace Redoubt.Engine.Loading;

/// <summary>Gives every pattern on the log the literals without which it cannot match, all in one set that is searched once a line.</summary>
internal sealed class LogLiterals
{
    private readonly LiteralSet _set = new();

    /// <summary>Takes the patterns of decoders and rules; the set is ready afterwards.</summary>
    public LiteralSet Collect(DecoderTree decoders, IEnumerable<Rule> rules)
    {
        foreach (var decoder in decoders.WithProgram.Concat(decoders.WithoutProgram))
        {
            Take(decoder);
            decoder.Children.ForEach(Take);
            decoder.ChildTable = DecoderChild.TableOf(decoder.Children);
        }

        foreach (var rule in rules)
        {
            foreach (var condition in rule.Conditions)
            {
                if (condition is TextCondition { Part.Kind: EventPartKind.Log } text)
                    Take(text.Pattern);
            }

            rule.Literals = LiteralsOf(rule);
        }

        _set.Freeze();
        return _set;
    }

    // The smallest set of literals of which a rule needs one.
    private static int[] LiteralsOf(Rule rule)
    {
        int[] best = [];
        foreach (var condition in rule.Conditions)
        {
            if (
                condition is TextCondition { Part.Kind: EventPartKind.Log, IsNegated: false, Pattern.Literals: { Length: > 0 } literals }
                && (best.Length == 0 || literals.Length < best.Length)
            )
            {
                best = literals;
            }
        }

        return best;
    }

    private void Take(Decoder decoder)
    {
        Take(decoder.Prematch);
        Take(decoder.Regex);
    }

    private void Take(TextPattern? pattern)
    {
        if (pattern is null || pattern.RequiredTexts.Count == 0 || pattern.RequiredTexts.Any(text => text.Length < LiteralSet.MinBytes))
            return;

        pattern.Literals = [.. pattern.RequiredTexts.Select(_set.Add).Distinct()];
    }
}
