using System.Net;
using Redoubt.Model;
using Redoubt.Respond.Firewall.Nftables;

namespace Redoubt.Respond.Keeping;

/// <summary>What has been asked for: targets, and when each ends.</summary>
/// <remarks>Memory: 40 bytes a target, no objects, so that a hundred thousand of them stay small. Threads: not safe.</remarks>
internal sealed class BlockRegister
{
    /// <summary>End of a permanent block.</summary>
    internal const long Never = long.MaxValue;

    private const int NoEntry = -1;

    private Entry[] entries = new Entry[16];
    private int[] buckets = NewBuckets(16);

    /// <summary>How many targets.</summary>
    internal int Count { get; private set; }

    /// <summary>How many of them are prefixes.</summary>
    internal int Prefixes { get; private set; }

    /// <summary>Adds a target, or gives a known one another end.</summary>
    /// <param name="target">The target.</param>
    /// <param name="ends">On whatever clock the owner counts; <see cref="Never"/> for none.</param>
    internal void Set(BlockTarget target, long ends)
    {
        var key = Key.Of(target);
        var at = Find(key);
        if (at != NoEntry)
        {
            entries[at].Ends = ends;
            return;
        }

        if (Count == entries.Length)
            Grow();

        entries[Count] = new Entry { Key = key, Ends = ends };
        Link(Count);
        Count++;
        if (!target.IsSingle)
            Prefixes++;
    }

    /// <summary>Takes a target out.</summary>
    /// <returns>False when it was not there.</returns>
    internal bool Remove(BlockTarget target)
    {
        var at = Find(Key.Of(target));
        if (at == NoEntry)
            return false;

        RemoveAt(at);
        return true;
    }

    /// <summary>Tells when a target ends.</summary>
    /// <returns>False when it is not there.</returns>
    internal bool TryGet(BlockTarget target, out long ends)
    {
        var at = Find(Key.Of(target));
        ends = at == NoEntry ? 0 : entries[at].Ends;
        return at != NoEntry;
    }

    /// <summary>The target at a place from 0 to <see cref="Count"/>. Places hold until something is taken out.</summary>
    internal (BlockTarget Target, long Ends) At(int place) => (entries[place].Key.ToTarget(), entries[place].Ends);

    /// <summary>When the target at a place ends.</summary>
    internal long EndsAt(int place) => entries[place].Ends;

    /// <summary>Whether the target at a place is a prefix.</summary>
    internal bool IsPrefixAt(int place) => !entries[place].Key.IsSingle;

    /// <summary>Takes the target at a place out; the last one moves there.</summary>
    internal void RemoveAt(int place)
    {
        if (!entries[place].Key.IsSingle)
            Prefixes--;
        Unlink(place);
        Count--;
        if (place == Count)
            return;

        Unlink(Count);
        entries[place] = entries[Count];
        Link(place);
    }

    /// <summary>Takes everything out.</summary>
    internal void Clear()
    {
        (entries, buckets) = (new Entry[16], NewBuckets(16));
        (Count, Prefixes) = (0, 0);
    }

    private int Find(Key key)
    {
        for (var at = buckets[Bucket(key)]; at != NoEntry; at = entries[at].Next)
        {
            if (entries[at].Key == key)
                return at;
        }

        return NoEntry;
    }

    private void Link(int at)
    {
        var bucket = Bucket(entries[at].Key);
        entries[at].Next = buckets[bucket];
        buckets[bucket] = at;
    }

    private void Unlink(int at)
    {
        ref var link = ref buckets[Bucket(entries[at].Key)];
        while (link != at)
            link = ref entries[link].Next;
        link = entries[at].Next;
    }

    private void Grow()
    {
        Array.Resize(ref entries, entries.Length * 2);
        buckets = NewBuckets(entries.Length);
        for (var i = 0; i < Count; i++)
            Link(i);
    }

    private int Bucket(Key key) => key.GetHashCode() & (buckets.Length - 1);

    private static int[] NewBuckets(int count)
    {
        var made = new int[count];
        Array.Fill(made, NoEntry);
        return made;
    }

    private struct Entry
    {
        internal Key Key;
        internal long Ends;
        internal int Next;
    }

    /// <summary>A target as numbers.</summary>
    private readonly record struct Key(ulong High, ulong Low, byte PrefixLength, bool IsIPv6)
    {
        // Seeded by chance in each process: nobody can choose addresses that fall into one bucket.
        public override int GetHashCode() => HashCode.Combine(High, Low, PrefixLength);

        internal bool IsSingle => PrefixLength == (IsIPv6 ? 128 : 32);

        internal static Key Of(BlockTarget target)
        {
            var number = NftInterval.ToNumber(target.Network.BaseAddress);
            return new Key((ulong)(number >> 64), (ulong)number, (byte)target.Network.PrefixLength, target.IsIPv6);
        }

        internal BlockTarget ToTarget() =>
            BlockTarget.Of(new IPNetwork(NftInterval.ToAddress(new UInt128(High, Low), IsIPv6), PrefixLength));
    }
}
