using Redoubt.Model;

namespace Redoubt.Respond;

/// <summary>A request whose every field has been checked.</summary>
/// <param name="Request">As it came.</param>
/// <param name="Target">The target, for the verbs that have one.</param>
/// <param name="Program">Name of the response program for the log.</param>
/// <param name="Protected">What the request wants to be left alone.</param>
internal sealed record Order(EnforceRequest Request, BlockTarget Target, string Program, IReadOnlyList<BlockTarget> Protected)
{
    /// <summary>Whether there is a target.</summary>
    internal bool HasTarget => Request.Target is not null;
}
