using Redoubt.Model;

namespace Redoubt.Decide;

/// <summary>A <c>&lt;command&gt;</c> section.</summary>
public sealed record CommandOptions
{
    /// <summary>Required; compared byte-wise; never starts with <c>!</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Required; one file below <c>active-response/bin</c>, never split into words.</summary>
    public required string Executable { get; init; }

    /// <summary>Default no; without it a timeout is taken as 0.</summary>
    public bool TimeoutAllowed { get; init; }

    /// <summary>Which arguments a program of the older contract gets; null where the command does not say: then all. Without effect on others.</summary>
    public ExpectedFields? Expect { get; init; }

    /// <summary>How a program is spoken to; default auto: by its name.</summary>
    public ScriptProtocol Protocol { get; init; }

    /// <summary>Seconds a program may take, 1 to 3600; 0, the default, is the enforcer's 60.</summary>
    public int DeadlineSeconds { get; init; }

    /// <summary>Whether its program gets the arguments of OSSEC.</summary>
    public bool IsLegacy =>
        Protocol == ScriptProtocol.Arguments
        || (
            Protocol == ScriptProtocol.Auto && Array.Exists(LegacyEndings, e => Executable.EndsWith(e, StringComparison.OrdinalIgnoreCase))
        );

    private static readonly string[] LegacyEndings = [".sh", ".cmd", ".bat"];

    /// <summary>Default none; split at single blanks, at most 2047 characters.</summary>
    public IReadOnlyList<string> ExtraArguments { get; init; } = [];
}
