using Redoubt.Engine.Explain;
using Redoubt.Model;

namespace Redoubt.App.Explain;

/// <summary>What became of a line, and why.</summary>
/// <param name="Alert">The line decoded, with its rule if there is one.</param>
/// <param name="IsAlert">Whether it is an alert.</param>
/// <param name="IsMuted">Whether its rule was quiet because of <c>ignore</c>.</param>
/// <param name="Steps">Decoders and rules tried.</param>
/// <param name="Decisions">What responses would do.</param>
internal sealed record ExplainedLine(Alert Alert, bool IsAlert, bool IsMuted, Explanation Steps, IReadOnlyList<Decision> Decisions)
{
    /// <summary>The rules from the root to the line's rule; without one, to the deepest that matched.</summary>
    internal IReadOnlyList<RuleStep> Chain
    {
        get
        {
            var open = new List<RuleStep>();
            List<RuleStep> deepest = [];
            foreach (var step in Steps.Rules)
            {
                if (!step.Matched)
                    continue;

                open.RemoveRange(step.Depth, open.Count - step.Depth);
                open.Add(step);
                if (step.IsFinal)
                    return open;

                if (open.Count > deepest.Count)
                    deepest = [.. open];
            }

            return deepest;
        }
    }
}
