using System.Globalization;
using Redoubt.Model;

namespace Redoubt.Respond.NeverBlock;

/// <summary>The never-block set at one moment, together with what one request protects.</summary>
internal sealed class NeverBlockCheck(
    HostFiles files,
    ProtectedTargets known,
    IReadOnlyList<BlockTarget> alsoProtected,
    IReadOnlyList<LoginSession> sessions
)
{
    private readonly ProtectedTargets? ofRequest =
        alsoProtected.Count == 0
            ? null
            : new ProtectedTargets([
                .. alsoProtected.Select(p => new ProtectedTarget(
                    p,
                    "protected by the request (a manager or another address that must stay reachable)"
                )),
            ]);

    /// <summary>Says why a target must not be blocked; see <see cref="NeverBlockSet.WhyNot"/>.</summary>
    /// <exception cref="IOException">The accounts could not be read: then nothing may be blocked.</exception>
    internal string? WhyNot(BlockTarget target, long firstSeenUnixMilliseconds)
    {
        if (PrefixLimits.WhyNot(target) is { } outOfBounds)
            return outOfBounds;
        if ((known.FindMet(target) ?? ofRequest?.FindMet(target)) is { } met)
            return NeverBlockSet.Explain(target, met);

        foreach (var session in sessions)
        {
            var from = BlockTarget.Of(session.Address);
            var isEarlier = firstSeenUnixMilliseconds == 0 || session.StartUnixMilliseconds < firstSeenUnixMilliseconds;
            if (!isEarlier || !target.Contains(from) || !session.IsOpen(files) || !Administrators.Holds(files, session.User))
                continue;

            var since = DateTimeOffset
                .FromUnixTimeMilliseconds(session.StartUnixMilliseconds)
                .ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
            return NeverBlockSet.Explain(
                target,
                new ProtectedTarget(from, $"where an administrator has been logged in from since {since}")
            );
        }

        return null;
    }
}
