using Redoubt.Engine.Decode;

namespace Redoubt.Engine.Match;

/// <summary><c>program_name</c>: answered once for every program, not for every line; see <see cref="ProgramFacts"/>.</summary>
internal sealed class ProgramCondition : Condition
{
    /// <summary>Number of the pattern among the ruleset's patterns on program names.</summary>
    public required int Number { get; init; }

    public required bool IsNegated { get; init; }

    public override bool Holds(DecodedEvent e, RuleContext context) => e.Program is { } program && program.Matches[Number] != IsNegated;
}
