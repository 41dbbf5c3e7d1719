using Redoubt.Model;

namespace Redoubt.Respond;

/// <summary>A request whose every field has been checked.</summary>
/// <param name="Request">As it came.</param>
/// <param name="Target">The target, for the verbs that have one.</param>
/// <param name="Program">Name of the response program for the log.</param>
/// <param name="BackEnd">What carries it out, see <see cref="KnownResponses"/>.</param>
/// <param name="Protected">What the request wants to be left alone.</param>
/// <param name="Targets">The targets of a load, each once.</param>
internal sealed record Order(
    EnforceRequest Request,
    BlockTarget Target,
    string Program,
    string BackEnd,
    IReadOnlyList<BlockTarget> Protected,
    IReadOnlyList<BlockTarget> Targets
)
{
    /// <summary>Whether there is a target.</summary>
    internal bool HasTarget => Request.Target is not null;
}
