namespace Redoubt.Respond.Scripts;

/// <summary>Names that may be handed to account tools.</summary>
internal static class UserNames
{
    private const int MaxCharacters = 256;

    /// <summary>Whether a text can be the name of an account: the rule of the stock programs.</summary>
    internal static bool IsOne(string? name) =>
        name is { Length: >= 1 and <= MaxCharacters }
        && name[0] is not ('-' or '+' or '~')
        && !name.Any(c => c is ':' or ',' or '/' or '\\' || char.IsWhiteSpace(c) || char.IsControl(c))
        && !name.Contains("..", StringComparison.Ordinal)
        && name != ".";
}
