using System.Net;
using System.Net.Sockets;

namespace Redoubt.Transport.Port;

/// <summary>Who may connect to the manager's port: counts connections before anything of theirs is read, so that strangers cannot keep agents out.</summary>
/// <remarks>Memory: an entry an address that is connected or was within a minute, at most <see cref="PortLimits.Addresses"/>. Threads: safe.</remarks>
public sealed class PortGate(PortLimits limits, TimeProvider time)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, Traffic> _byAddress = [];
    private readonly long[] _refused = new long[Enum.GetValues<Refusal>().Length];
    private volatile PortLimits _limits = limits;
    private int _connections;
    private int _unproven;

    /// <summary>What it holds visitors to.</summary>
    public PortLimits Limits => _limits;

    /// <summary>Peers that were sent away since the start, by reason.</summary>
    public IReadOnlyDictionary<Refusal, long> Refused =>
        Enum.GetValues<Refusal>().ToDictionary(r => r, r => Interlocked.Read(ref _refused[(int)r]));

    /// <summary>Connections now, and those of them that have not proven to be an agent's.</summary>
    public (int All, int Unproven) Connections
    {
        get
        {
            lock (_lock)
                return (_connections, _unproven);
        }
    }

    /// <summary>Holds those who come from now on to other limits; who is there may stay.</summary>
    public void Use(PortLimits limits) => _limits = limits;

    /// <summary>A connection was made.</summary>
    /// <param name="address">Whence.</param>
    /// <param name="refusal">Why it must be closed, when it must; it is counted.</param>
    /// <returns>Null when it must be closed; else it has to <see cref="Leave"/>.</returns>
    public Visitor? Enter(IPAddress address, out Refusal refusal)
    {
        var visitor = new Visitor(address, KeyOf(address));
        lock (_lock)
        {
            if (WhyNot(visitor.Key) is { } reason)
            {
                refusal = reason;
                Count(reason);
                return null;
            }

            _connections++;
            _unproven++;
            _byAddress[visitor.Key].Unproven++;
        }

        refusal = default;
        return visitor;
    }

    /// <summary>It has shown an agent's certificate: its place is free for others who have not.</summary>
    public void Prove(Visitor visitor)
    {
        lock (_lock)
        {
            if (visitor.IsProven)
                return;

            visitor.IsProven = true;
            FreePlace(visitor);
        }
    }

    /// <summary>The connection has ended.</summary>
    public void Leave(Visitor visitor)
    {
        lock (_lock)
        {
            _connections--;
            if (!visitor.IsProven)
                FreePlace(visitor);
        }
    }

    /// <summary>A peer was sent away.</summary>
    public void Count(Refusal refusal) => Interlocked.Increment(ref _refused[(int)refusal]);

    private Refusal? WhyNot(IPAddress key)
    {
        if (_connections >= Limits.Connections || _unproven >= Limits.Unproven)
            return Refusal.TooMany;

        if (!_byAddress.TryGetValue(key, out var traffic))
        {
            if (_byAddress.Count >= Limits.Addresses)
                Forget();

            if (_byAddress.Count >= Limits.Addresses)
                return Refusal.TooMany;

            _byAddress[key] = traffic = new Traffic { Began = time.GetTimestamp() };
        }

        if (time.GetElapsedTime(traffic.Began) >= Minute)
            (traffic.Began, traffic.New) = (time.GetTimestamp(), 0);

        if (traffic.Unproven >= Limits.UnprovenPerAddress)
            return Refusal.TooManyFromAddress;

        return ++traffic.New > Limits.NewPerMinute ? Refusal.TooFast : null;
    }

    private void FreePlace(Visitor visitor)
    {
        _unproven--;
        var traffic = _byAddress[visitor.Key];
        if (--traffic.Unproven == 0 && time.GetElapsedTime(traffic.Began) >= Minute)
            _byAddress.Remove(visitor.Key);
    }

    private void Forget()
    {
        foreach (var (key, traffic) in _byAddress.ToArray())
        {
            if (traffic.Unproven == 0 && time.GetElapsedTime(traffic.Began) >= Minute)
                _byAddress.Remove(key);
        }
    }

    // Whoever has one IPv6 address has the /64 around it.
    private static IPAddress KeyOf(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4();

        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return address;

        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }

    private sealed class Traffic
    {
        internal int Unproven;
        internal int New;
        internal long Began;
    }
}
