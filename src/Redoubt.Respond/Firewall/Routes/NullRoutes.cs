using System.Net;
using System.Net.Sockets;
using Redoubt.Model;
using Redoubt.Respond.Firewall.Netlink;
using Redoubt.Respond.Firewall.Nftables;
using static Redoubt.Respond.Firewall.Netlink.RouteConstants;

namespace Redoubt.Respond.Firewall.Routes;

/// <summary>Blocks by blackhole routes in the main table: nothing is sent to the target any more, so no connection comes about.</summary>
/// <remarks>
/// What a target sends still comes in; a firewall is better where there is one. Our routes are known by their protocol number, so that routes of
/// others are never touched. The kernel keeps no time for routes: the route's metric holds the end in Unix seconds, so that whoever starts after a
/// crash knows it; the largest number is a permanent one. A route for the same target with a smaller metric, made by somebody else, wins: then the
/// answer is a failure. Cost: about 10 us a block; reading back walks the routes of ours. Threads: safe.
/// </remarks>
internal sealed class NullRoutes : IFirewall
{
    private const byte ScopeUniverse = 0;
    private const uint Permanent = uint.MaxValue;
    private const long MillisecondsPerSecond = 1000;

    private readonly Lock gate = new();
    private readonly NetlinkSocket socket = new(NetlinkSocket.Route);
    private readonly NetlinkWriter writer = new();
    private readonly TimeProvider time;

    /// <exception cref="FirewallSetupException">The kernel does not let us.</exception>
    internal NullRoutes(TimeProvider time)
    {
        this.time = time;
        socket.Enable(LibC.NetlinkGetStrictCheck);
        try
        {
            List();
        }
        catch (IOException e)
        {
            socket.Dispose();
            throw new FirewallSetupException($"the routes of this host cannot be read: {e.Message}", e);
        }
    }

    public string Name => "route-null";

    public bool EndsBlocksItself => false;

    public long MaxMilliseconds => long.MaxValue;

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    public FirewallResult Put(BlockTarget target, long durationMilliseconds)
    {
        lock (gate)
        {
            try
            {
                var metric = MetricOf(durationMilliseconds);
                var before = Dump(target);
                if (!before.Exists(r => r.Metric == metric))
                {
                    var answer = Change(NewRoute, NetlinkMessage.FlagCreate | NetlinkMessage.FlagExclusive, target, metric);
                    if (!answer.IsOk && answer.Errno != Errno.Exists)
                        return FirewallResult.Failed($"the kernel refused a null route for {target}: {answer}");
                }

                // The new one is there already, so there is no gap.
                foreach (var old in before.Where(r => r.Metric != metric))
                    Change(DeleteRoute, 0, target, old.Metric);
                return Prove(target, durationMilliseconds);
            }
            catch (IOException e)
            {
                return FirewallResult.Failed(e.Message);
            }
        }
    }

    public FirewallResult Remove(BlockTarget target)
    {
        lock (gate)
        {
            try
            {
                foreach (var route in Dump(target))
                {
                    var answer = Change(DeleteRoute, 0, target, route.Metric);
                    if (!answer.IsOk && answer.Errno != Errno.NoSuchProcess)
                        return FirewallResult.Failed($"the kernel refused to delete the null route of {target}: {answer}");
                }

                return Dump(target).Count == 0 ? FirewallResult.Absent : FirewallResult.Failed($"{target} still has a null route");
            }
            catch (IOException e)
            {
                return FirewallResult.Failed(e.Message);
            }
        }
    }

    public FirewallResult Read(BlockTarget target)
    {
        lock (gate)
        {
            try
            {
                var found = Dump(target);
                return found.Count == 0 ? FirewallResult.Absent : FirewallResult.Present(found.Max(r => RemainingOf(r.Metric)));
            }
            catch (IOException e)
            {
                return FirewallResult.Failed(e.Message);
            }
        }
    }

    public FirewallResult[] Ensure(IReadOnlyList<FirewallEntry> wanted)
    {
        lock (gate)
        {
            var results = new FirewallResult[wanted.Count];
            try
            {
                // One walk for all of them.
                var there = Dump(null).ToLookup(r => r.Target);
                for (var i = 0; i < results.Length; i++)
                {
                    var remaining = there[wanted[i].Target].Select(r => RemainingOf(r.Metric)).DefaultIfEmpty(0).Max();
                    results[i] = wanted[i].IsHeldBy(remaining)
                        ? FirewallResult.Present(remaining)
                        : Put(wanted[i].Target, Math.Max(wanted[i].RemainingMilliseconds, 0)) with
                        {
                            WasMissing = true,
                        };
                }
            }
            catch (IOException e)
            {
                Array.Fill(results, FirewallResult.Failed(e.Message));
            }

            return results;
        }
    }

    public string? Mend() => null;

    public bool MayHaveChanged() => false;

    public IFirewallWatch Watch() => new RouteWatch(socket.Port);

    public IReadOnlyCollection<FirewallEntry> List()
    {
        lock (gate)
            return [.. Dump(null).GroupBy(r => r.Target).Select(g => new FirewallEntry(g.Key, g.Max(r => RemainingOf(r.Metric))))];
    }

    public int Clear()
    {
        lock (gate)
        {
            var all = Dump(null);
            foreach (var route in all)
                Change(DeleteRoute, 0, route.Target, route.Metric);
            var left = Dump(null).Count;
            return left == 0 ? all.DistinctBy(r => r.Target).Count() : throw new IOException($"{left} null routes are still there");
        }
    }

    public void Dispose() => socket.Dispose();

    private uint MetricOf(long durationMilliseconds)
    {
        if (durationMilliseconds == 0)
            return Permanent;

        var ends = (Now + Math.Min(durationMilliseconds, long.MaxValue / 2) + MillisecondsPerSecond - 1) / MillisecondsPerSecond;
        return (uint)Math.Min(ends, Permanent - 1);
    }

    // One whose time is over is still there until somebody takes it out.
    private long RemainingOf(uint metric) => metric == Permanent ? -1 : Math.Max((metric * MillisecondsPerSecond) - Now, 1);

    private FirewallResult Prove(BlockTarget target, long durationMilliseconds)
    {
        if (Dump(target).Count == 0)
            return FirewallResult.Failed($"the null route of {target} was accepted but is not there");

        // What would the kernel do with a packet to it? A blackhole answers with EINVAL.
        var answer = Lookup(target.Network.BaseAddress);
        return answer.Errno == Errno.Invalid
            ? FirewallResult.Present(durationMilliseconds == 0 ? -1 : durationMilliseconds)
            : FirewallResult.Failed($"{target} has a null route, but another route of this host wins against it");
    }

    private KernelAnswer Lookup(IPAddress address)
    {
        var sequence = socket.ReserveSequences(1);
        writer.Clear();
        writer.BeginMessage(GetRoute, NetlinkMessage.FlagRequest | NetlinkMessage.FlagAck, sequence);
        WriteHeader(address, (byte)(address.AddressFamily == AddressFamily.InterNetworkV6 ? 128 : 32), isOurs: false);
        WriteAddress(address);
        writer.EndMessage();
        return socket.Exchange(writer.Written, sequence, sequence);
    }

    private KernelAnswer Change(ushort type, ushort flags, BlockTarget target, uint metric)
    {
        var sequence = socket.ReserveSequences(1);
        writer.Clear();
        writer.BeginMessage(type, (ushort)(NetlinkMessage.FlagRequest | NetlinkMessage.FlagAck | flags), sequence);
        WriteHeader(target.Network.BaseAddress, (byte)target.Network.PrefixLength, isOurs: true);
        WriteAddress(target.Network.BaseAddress);
        writer.UInt32Attribute(RouteMetric, metric);
        writer.EndMessage();
        return socket.Exchange(writer.Written, sequence, sequence);
    }

    // struct rtmsg: family, length of destination and of source, tos, table, protocol, scope, type, flags of 32 bits.
    private void WriteHeader(IPAddress address, byte prefixLength, bool isOurs) =>
        writer.Bytes([
            (byte)(address.AddressFamily == AddressFamily.InterNetworkV6 ? RouteFamilyIPv6 : RouteFamilyIPv4),
            prefixLength,
            0,
            0,
            isOurs ? NullRoute.TableMain : (byte)0,
            isOurs ? NullRoute.Protocol : (byte)0,
            ScopeUniverse,
            isOurs ? NullRoute.TypeBlackhole : (byte)0,
            0,
            0,
            0,
            0,
        ]);

    private void WriteAddress(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var written);
        writer.Attribute(RouteDestination, bytes[..written]);
    }

    /// <summary>Our routes; of one target, or all.</summary>
    private List<NullRoute> Dump(BlockTarget? only)
    {
        var found = new List<NullRoute>();
        foreach (var isIPv6 in (bool[])[false, true])
        {
            if (only is { } one && one.IsIPv6 != isIPv6)
                continue;

            var sequence = socket.ReserveSequences(1);
            writer.Clear();
            writer.BeginMessage(GetRoute, NetlinkMessage.FlagRequest | NetlinkMessage.FlagDump, sequence);
            writer.Bytes([
                isIPv6 ? RouteFamilyIPv6 : RouteFamilyIPv4,
                0,
                0,
                0,
                NullRoute.TableMain,
                NullRoute.Protocol,
                0,
                NullRoute.TypeBlackhole,
                0,
                0,
                0,
                0,
            ]);
            writer.EndMessage();
            var answer = socket.Exchange(
                writer.Written,
                sequence,
                sequence,
                onMessage: (in NetlinkMessage message) =>
                {
                    // Older kernels do not filter, so each is looked at.
                    if (message.Type == NewRoute && NullRoute.TryRead(in message, out var route) && (only is null || route.Target == only))
                        found.Add(route);
                }
            );
            if (!answer.IsOk && answer.Errno != Errno.NoEntry)
                throw new NetlinkException("list routes", answer.Errno);
        }

        return found;
    }
}
