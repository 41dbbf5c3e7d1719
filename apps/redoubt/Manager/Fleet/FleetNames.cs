namespace Redoubt.App.Manager;

/// <summary>What agents and groups may be called: names become parts of paths, of lists with commas, and of records.</summary>
internal static class FleetNames
{
    private const int Longest = 128;

    /// <summary>What an agent's name must be, for messages.</summary>
    internal const string AgentRule = "An agent's name is 1 to 128 letters, digits, dots, hyphens or underscores.";

    /// <summary>What a group's name must be, for messages.</summary>
    internal const string GroupRule = "A group's name is 1 to 128 letters, digits, dots, hyphens or underscores, and begins with no dot.";

    internal static bool IsAgent(string name) => name.Length is > 0 and <= Longest && name.All(IsPlain);

    internal static bool IsGroup(string name) => IsAgent(name) && name[0] != '.';

    private static bool IsPlain(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_';
}
