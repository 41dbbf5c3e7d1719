using Redoubt.Model;

namespace Redoubt.Engine;

/// <summary>Where a <see cref="ParallelAnalysis{T}"/> takes its lines from.</summary>
public interface ILineFeed
{
    /// <summary>Gives the next line in order of arrival; false when there are no more. Called by one thread at a time.</summary>
    /// <param name="line">Its bytes must stay where they are until the next call.</param>
    bool TryRead(out LogLine line);
}
