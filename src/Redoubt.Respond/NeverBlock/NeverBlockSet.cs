using Redoubt.Model;

namespace Redoubt.Respond.NeverBlock;

/// <summary>What this host must never drop, made from the host itself.</summary>
/// <remarks>
/// In it: unspecified, loopback, multicast and broadcast addresses; every address of the host; default gateways; name servers; time servers; what
/// the request names (managers); and the source of an administrator's login that began before the first failed line of the same source.
/// No option of a request lifts it. Cost: the kernel tells of changed addresses, files are read again when they have changed; a question
/// costs about 10 us. Threads: safe.
/// </remarks>
internal sealed class NeverBlockSet : IDisposable
{
    private readonly Lock gate = new();
    private readonly HostAddresses addresses = new();
    private readonly HostFiles files;
    private readonly RememberedFiles<List<ProtectedTarget>> resolvers;
    private readonly RememberedFiles<List<ProtectedTarget>> timeServers;
    private readonly RememberedFiles<List<LoginSession>> utmp;
    private readonly RememberedFiles<List<LoginSession>> logind;
    private (object Addresses, object Resolvers, object TimeServers)? madeOf;
    private ProtectedTargets known = new([]);

    internal NeverBlockSet(HostFiles files, TimeProvider time)
    {
        this.files = files;
        resolvers = new(() => [files.Resolvers], () => [.. ResolverFile.Read(files.Resolvers)], time);
        timeServers = new(() => TimeServerFiles.Paths(files), () => TimeServerFiles.Read(files), time);
        utmp = new(() => [files.Logins], () => UtmpFile.Read(files), time);

        // systemd replaces a session's file when it changes, so the folder's time tells of every change.
        logind = new(() => [files.Sessions], () => [.. LogindSessions.Read(files)], time);
    }

    /// <summary>Says why a target must not be blocked.</summary>
    /// <param name="target">What is to be dropped.</param>
    /// <param name="alsoProtected">Further ones, named by the request.</param>
    /// <param name="firstSeenUnixMilliseconds">First line against the source; 0 lets every administrator's login protect.</param>
    /// <returns>Null when it may be blocked.</returns>
    /// <exception cref="IOException">The host could not be asked: then nothing may be blocked.</exception>
    internal string? WhyNot(BlockTarget target, IReadOnlyList<BlockTarget> alsoProtected, long firstSeenUnixMilliseconds) =>
        Prepare(alsoProtected).WhyNot(target, firstSeenUnixMilliseconds);

    /// <summary>Looks at the host once, for several questions at the same moment.</summary>
    /// <param name="alsoProtected">Further ones, named by the request.</param>
    /// <exception cref="IOException">The host could not be asked: then nothing may be blocked.</exception>
    internal NeverBlockCheck Prepare(IReadOnlyList<BlockTarget> alsoProtected)
    {
        lock (gate)
        {
            var now = (addresses.Current, resolvers.Current, timeServers.Current);
            if (
                madeOf is not { } before
                || !ReferenceEquals(before.Addresses, now.Item1)
                || !ReferenceEquals(before.Resolvers, now.Item2)
                || !ReferenceEquals(before.TimeServers, now.Item3)
            )
            {
                known = new ProtectedTargets([.. now.Item1, .. now.Item2, .. now.Item3]);
                madeOf = now;
            }

            List<LoginSession> sessions = [.. utmp.Current, .. logind.Current];
            return new NeverBlockCheck(files, known, alsoProtected, sessions);
        }
    }

    /// <summary>The sentence for people.</summary>
    internal static string Explain(BlockTarget target, ProtectedTarget one) =>
        target == one.Target ? $"{target} is {one.Why}" : $"{target} and {one.Target} overlap, which is {one.Why}";

    public void Dispose() => addresses.Dispose();
}
