namespace Redoubt.Decide;

/// <summary>What a command's <c>&lt;expect&gt;</c> names: the arguments that OSSEC fills for its program.</summary>
[Flags]
public enum ExpectedFields
{
    /// <summary>Nothing: the program acts on neither.</summary>
    None = 0,

    /// <summary><c>srcip</c>.</summary>
    SourceAddress = 1,

    /// <summary><c>user</c> or <c>username</c>.</summary>
    User = 2,

    /// <summary><c>filename</c>.</summary>
    FileName = 4,
}
