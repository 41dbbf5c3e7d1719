namespace Redoubt.Engine.Correlate;

/// <summary>Remembered events: what every window that counts an event shares of it, above all its mark.</summary>
/// <remarks>Slots of 40 bytes in one array, reused; an event lives as long as a window refers to it. Threads: not safe.</remarks>
internal sealed class EventStore
{
    private const int NoSlot = -1;

    private Slot[] _slots = new Slot[256];
    private int _used;
    private int _free = NoSlot;

    /// <summary>Events remembered now.</summary>
    public int Count { get; private set; }

    /// <summary>Takes a slot for an event that no window refers to yet.</summary>
    public int Add(long arrivalSeconds, int mark, long sequence, long line, int lineLength)
    {
        int index;
        if (_free != NoSlot)
        {
            index = _free;
            _free = _slots[index].References;
        }
        else
        {
            if (_used == _slots.Length)
                Array.Resize(ref _slots, _slots.Length * 2);

            index = _used++;
        }

        _slots[index] = new Slot
        {
            ArrivalSeconds = arrivalSeconds,
            Mark = mark,
            Sequence = sequence,
            Line = line,
            LineLength = lineLength,
        };
        Count++;
        return index;
    }

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
        _slots[index].References = _free;
        _free = index;
        Count--;
    }

    /// <summary>One remembered event.</summary>
    internal struct Slot
    {
        public long ArrivalSeconds;

        /// <summary>Place in the row of all remembered events, for the strict mode's common limit.</summary>
        public long Sequence;

        /// <summary>Address in the <see cref="LineRing"/>, or -1.</summary>
        public long Line;
        public int LineLength;

        /// <summary>Windows that refer to it; in a free slot the next free one.</summary>
        public int References;

        /// <summary>Level of the composite that used it up; 0 for none.</summary>
        public int Mark;
    }
}
