namespace Redoubt.Engine.Correlate;

/// <summary>Remembered events: what every window that counts an event shares of it, above all its mark.</summary>
/// <remarks>Slots of 24 bytes in one array, reused; an event lives as long as a window refers to it. Threads: not safe.</remarks>
internal sealed class EventStore
{
    private const int NoSlot = -1;

    private Slot[] _slots = new Slot[256];
    private long[]? _sequences;
    private int _used;
    private int _free = NoSlot;

    /// <summary>Events remembered now.</summary>
    public int Count { get; private set; }

    /// <summary>From now on knows each event's place in the row of all remembered ones, for the strict mode's common limit.</summary>
    /// <param name="current">Place that the events so far are given.</param>
    public void KeepSequences(long current)
    {
        if (_sequences is not null)
            return;

        _sequences = new long[_slots.Length];
        Array.Fill(_sequences, current);
    }

    /// <summary>Takes a slot for an event that no window refers to yet.</summary>
    public int Add(long arrivalSeconds, int mark, long sequence, long line, int lineLength)
    {
        int index;
        if (_free != NoSlot)
        {
            index = _free;
            _free = _slots[index].NextFree;
        }
        else
        {
            if (_used == _slots.Length)
            {
                GrowingArray.Grow(ref _slots);
                if (_sequences is not null)
                    Array.Resize(ref _sequences, _slots.Length);
            }

            index = _used++;
        }

        _slots[index] = new Slot(arrivalSeconds, line, lineLength) { Mark = mark };
        if (_sequences is not null)
            _sequences[index] = sequence;

        Count++;
        return index;
    }

    /// <summary>The event's place among all remembered ones; the highest number where places are not kept.</summary>
    public long SequenceOf(int index) => _sequences is null ? long.MaxValue : _sequences[index];

    public ref Slot At(int index) => ref _slots[index];

    /// <summary>A window forgets the event; without any window left its slot is free.</summary>
    public void Release(int index)
    {
        ref var slot = ref _slots[index];
        if (--slot.References > 0)
            return;

        Free(index);
    }

    /// <summary>Gives back a slot that no window took.</summary>
    public void ReleaseUnused(int index)
    {
        if (_slots[index].References == 0)
            Free(index);
    }

    private void Free(int index)
    {
        _slots[index].NextFree = _free;
        _free = index;
        Count--;
    }

    /// <summary>One remembered event.</summary>
    internal struct Slot
    {
        private const int MarkBits = 8;
        private const uint MarkMask = (1 << MarkBits) - 1;

        // A mark is a level, 0 to 16; there are fewer rules, and so windows, than 24 bits can count.
        private uint _referencesAndMark;
        private int _lineLength;

        public Slot(long arrivalSeconds, long line, int lineLength)
        {
            ArrivalSeconds = arrivalSeconds;
            Line = line;
            _lineLength = lineLength;
        }

        public long ArrivalSeconds { get; }

        /// <summary>Address in the <see cref="LineRing"/>, or -1.</summary>
        public long Line { get; }

        public readonly int LineLength => _lineLength;

        /// <summary>Windows that refer to it.</summary>
        public int References
        {
            readonly get => (int)(_referencesAndMark >> MarkBits);
            set => _referencesAndMark = ((uint)value << MarkBits) | (_referencesAndMark & MarkMask);
        }

        /// <summary>Level of the composite that used it up; 0 for none.</summary>
        public int Mark
        {
            readonly get => (int)(_referencesAndMark & MarkMask);
            set => _referencesAndMark = (_referencesAndMark & ~MarkMask) | ((uint)value & MarkMask);
        }

        /// <summary>In a free slot: the next free one.</summary>
        public int NextFree
        {
            readonly get => _lineLength;
            set => _lineLength = value;
        }
    }
}
