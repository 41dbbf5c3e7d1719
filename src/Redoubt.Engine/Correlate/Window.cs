namespace Redoubt.Engine.Correlate;

/// <summary>Remembered events of one window, found by key: each key has its newest events in a row.</summary>
/// <remarks>
/// Cost of <see cref="Add"/> and <see cref="Newest"/> does not depend on the number of keys. Memory: about 44 bytes a key and
/// 16 an event; keys whose events are all too old go first, then, over the limit, those unused for longest, which are counted.
/// Threads: not safe.
/// </remarks>
internal sealed class Window
{
    private const int None = -1;

    private WindowSpec _spec;
    private readonly EventStore _events;
    private readonly int _maxKeys;
    private readonly int _stride;
    private int[] _buckets = new int[16];
    private Key[] _keys = new Key[16];
    private Entry[] _entries = new Entry[16];
    private ulong[] _differences;
    private int _usedKeys;
    private int _freeKey = None;
    private int _usedEntries;
    private int _freeEntry = None;
    private int _leastRecent = None;
    private int _mostRecent = None;

    public Window(WindowSpec spec, EventStore events, int maxKeys)
    {
        _spec = spec;
        _events = events;
        _maxKeys = maxKeys;
        _stride = spec.Different.Length + (spec.DiffersInDynamic ? 1 : 0);
        _differences = new ulong[_entries.Length * _stride];
        Array.Fill(_buckets, None);
    }

    /// <summary>Keys with remembered events.</summary>
    public int KeyCount { get; private set; }

    /// <summary>Keys that were dropped although their events could still have counted.</summary>
    public long Evictions { get; private set; }

    public WindowSpec Spec => _spec;

    /// <summary>Values that each entry has for <c>different_*</c>.</summary>
    public int DifferenceCount => _stride;

    /// <summary>The rules changed, but not which events count together: only how many and how long.</summary>
    public void Adopt(WindowSpec spec) => _spec = spec;

    /// <summary>Forgets everything, so that the event store can reuse the room.</summary>
    public void Clear()
    {
        while (_leastRecent != None)
            DropKey(_leastRecent);
    }

    /// <summary>The newest entry of a key, or -1 when the key has fewer than <paramref name="least"/> entries.</summary>
    public int Newest(WindowKey key, int least)
    {
        var index = Find(key);
        return index == None || _keys[index].Count < least ? None : _keys[index].Newest;
    }

    /// <summary>The entry before an entry, or -1.</summary>
    public int Older(int entry) => _entries[entry].Older;

    public int EventOf(int entry) => _entries[entry].Event;

    /// <summary>The values of <c>different_*</c> that were given when the event was added.</summary>
    public ReadOnlySpan<ulong> DifferencesOf(int entry) => _differences.AsSpan(entry * _stride, _stride);

    /// <summary>Remembers an event under a key.</summary>
    /// <param name="key">See <see cref="WindowKey"/>.</param>
    /// <param name="eventIndex">Its slot in the event store.</param>
    /// <param name="now">Arrival, Unix seconds.</param>
    /// <param name="differences">Hashes of the <c>different_*</c> values, 0 where the event has none.</param>
    public void Add(WindowKey key, int eventIndex, long now, ReadOnlySpan<ulong> differences)
    {
        DropOldKeys(now);
        var index = Find(key);
        if (index == None)
            index = AddKey(key);
        else
            Unlink(index);

        LinkAsMostRecent(index);
        var entry = TakeEntry();
        differences.CopyTo(_differences.AsSpan(entry * _stride, _stride));
        ref var k = ref _keys[index];
        _entries[entry] = new Entry
        {
            Event = eventIndex,
            Older = k.Newest,
            Newer = None,
        };
        if (k.Newest != None)
            _entries[k.Newest].Newer = entry;
        else
            k.Oldest = entry;

        k.Newest = entry;
        k.Count++;
        _events.At(eventIndex).References++;
        Trim(ref k, now);
    }

    /// <summary>Every key with its entries from the oldest on, least recently used key first.</summary>
    public IEnumerable<(WindowKey Key, int Entry)> All()
    {
        for (var key = _leastRecent; key != None; key = _keys[key].MoreRecent)
        {
            for (var entry = _keys[key].Oldest; entry != None; entry = _entries[entry].Newer)
                yield return (_keys[key].Value, entry);
        }
    }

    private void Trim(ref Key key, long now)
    {
        while (key.Count > 1 && (key.Count > _spec.MaxEntries || IsTooOld(key.Oldest, now)))
        {
            var entry = key.Oldest;
            key.Oldest = _entries[entry].Newer;
            _entries[key.Oldest].Older = None;
            key.Count--;
            FreeEntry(entry);
        }
    }

    // Two a call keep up with any rate of new keys.
    private void DropOldKeys(long now)
    {
        for (var i = 0; i < 2 && _leastRecent != None && IsTooOld(_keys[_leastRecent].Newest, now); i++)
            DropKey(_leastRecent);
    }

    private bool IsTooOld(int entry, long now) => now - _events.At(_entries[entry].Event).ArrivalSeconds > _spec.MaxTimeframeSeconds;

    private int Find(WindowKey key)
    {
        for (var index = _buckets[BucketOf(key)]; index != None; index = _keys[index].NextInBucket)
        {
            if (_keys[index].Value == key)
                return index;
        }

        return None;
    }

    private int BucketOf(WindowKey key) => (int)(key.Low & (ulong)(_buckets.Length - 1));

    private int AddKey(WindowKey key)
    {
        if (KeyCount >= _maxKeys)
        {
            Evictions++;
            DropKey(_leastRecent);
        }

        if (KeyCount == _buckets.Length)
            Grow();

        int index;
        if (_freeKey != None)
        {
            index = _freeKey;
            _freeKey = _keys[index].NextInBucket;
        }
        else
        {
            if (_usedKeys == _keys.Length)
                GrowingArray.Grow(ref _keys);

            index = _usedKeys++;
        }

        var bucket = BucketOf(key);
        _keys[index] = new Key
        {
            Value = key,
            NextInBucket = _buckets[bucket],
            Newest = None,
            Oldest = None,
        };
        _buckets[bucket] = index;
        KeyCount++;
        return index;
    }

    private void DropKey(int index)
    {
        for (var entry = _keys[index].Newest; entry != None; )
        {
            var older = _entries[entry].Older;
            FreeEntry(entry);
            entry = older;
        }

        Unlink(index);
        ref var link = ref _buckets[BucketOf(_keys[index].Value)];
        while (link != index)
            link = ref _keys[link].NextInBucket;

        link = _keys[index].NextInBucket;
        _keys[index].NextInBucket = _freeKey;
        _freeKey = index;
        KeyCount--;
    }

    private void Grow()
    {
        _buckets = new int[_buckets.Length * 2];
        Array.Fill(_buckets, None);
        for (var index = _leastRecent; index != None; index = _keys[index].MoreRecent)
        {
            var bucket = BucketOf(_keys[index].Value);
            _keys[index].NextInBucket = _buckets[bucket];
            _buckets[bucket] = index;
        }
    }

    private void LinkAsMostRecent(int index)
    {
        ref var key = ref _keys[index];
        key.LessRecent = _mostRecent;
        key.MoreRecent = None;
        if (_mostRecent != None)
            _keys[_mostRecent].MoreRecent = index;
        else
            _leastRecent = index;

        _mostRecent = index;
    }

    private void Unlink(int index)
    {
        ref var key = ref _keys[index];
        if (key.LessRecent != None)
            _keys[key.LessRecent].MoreRecent = key.MoreRecent;
        else
            _leastRecent = key.MoreRecent;

        if (key.MoreRecent != None)
            _keys[key.MoreRecent].LessRecent = key.LessRecent;
        else
            _mostRecent = key.LessRecent;
    }

    private int TakeEntry()
    {
        if (_freeEntry != None)
        {
            var entry = _freeEntry;
            _freeEntry = _entries[entry].Older;
            return entry;
        }

        if (_usedEntries == _entries.Length)
        {
            GrowingArray.Grow(ref _entries);
            Array.Resize(ref _differences, _entries.Length * _stride);
        }

        return _usedEntries++;
    }

    private void FreeEntry(int entry)
    {
        _events.Release(_entries[entry].Event);
        _entries[entry].Older = _freeEntry;
        _freeEntry = entry;
    }

    private struct Key
    {
        public WindowKey Value;

        /// <summary>Next key of the bucket; in a free slot the next free one.</summary>
        public int NextInBucket;
        public int LessRecent;
        public int MoreRecent;
        public int Newest;
        public int Oldest;
        public int Count;
    }

    private struct Entry
    {
        public int Event;

        /// <summary>The one before it; in a free slot the next free one.</summary>
        public int Older;
        public int Newer;
    }
}
