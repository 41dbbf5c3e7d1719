using System.Globalization;
using Redoubt.Model;

namespace Redoubt.Respond.NeverBlock;

/// <summary>What this host must never drop, made from the host itself at every question.</summary>
/// <remarks>
/// In it: unspecified, loopback, multicast and broadcast addresses; every address of the host; default gateways; name servers; what the request
/// names (managers); and the source of an administrator's login that began before the first failed line of the same source.
/// No option of a request lifts it. Threads: safe.
/// </remarks>
internal sealed class NeverBlockSet(HostFiles files) : IDisposable
{
    private readonly HostAddresses addresses = new();

    /// <summary>Says why a target must not be blocked.</summary>
    /// <param name="target">What is to be dropped.</param>
    /// <param name="alsoProtected">Further ones, named by the request.</param>
    /// <param name="firstSeenUnixMilliseconds">First line against the source; 0 lets every administrator's login protect.</param>
    /// <returns>Null when it may be blocked.</returns>
    /// <exception cref="IOException">The host could not be asked: then nothing may be blocked.</exception>
    internal string? WhyNot(BlockTarget target, IReadOnlyList<BlockTarget> alsoProtected, long firstSeenUnixMilliseconds)
    {
        if (PrefixLimits.WhyNot(target) is { } outOfBounds)
            return outOfBounds;

        var known = addresses
            .Current.Concat(ResolverFile.Read(files.Resolvers))
            .Concat(
                alsoProtected.Select(p => new ProtectedTarget(
                    p,
                    "protected by the request (a manager or another address that must stay reachable)"
                ))
            );
        foreach (var one in known)
        {
            if (one.Meets(target))
                return Explain(target, one);
        }

        return WhyNotBySession(target, firstSeenUnixMilliseconds);
    }

    /// <summary>The sentence for people.</summary>
    internal static string Explain(BlockTarget target, ProtectedTarget one) =>
        target == one.Target ? $"{target} is {one.Why}" : $"{target} and {one.Target} overlap, which is {one.Why}";

    public void Dispose() => addresses.Dispose();

    private string? WhyNotBySession(BlockTarget target, long firstSeen)
    {
        foreach (var session in UtmpFile.Read(files).Concat(LogindSessions.Read(files)))
        {
            var from = BlockTarget.Of(session.Address);
            var isEarlier = firstSeen == 0 || session.StartUnixMilliseconds < firstSeen;
            if (!isEarlier || !target.Contains(from) || !Administrators.Holds(files, session.User))
                continue;

            var since = DateTimeOffset
                .FromUnixTimeMilliseconds(session.StartUnixMilliseconds)
                .ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
            return Explain(target, new ProtectedTarget(from, $"where an administrator has been logged in from since {since}"));
        }

        return null;
    }
}
