using System.Text;

namespace Redoubt.Engine.Correlate;

/// <summary>Writes what a <see cref="Correlator"/> remembers, and reads it back into one of the same or another ruleset.</summary>
/// <remarks>Windows are known by their meaning (<see cref="WindowSpec.Identity"/>): those of changed rules are left out.</remarks>
internal static class CorrelatorState
{
    private const int MissingLine = -1;

    public static void Write(Correlator correlator, BinaryWriter writer)
    {
        writer.Write(correlator.Sequence);
        writer.Write(correlator.ForgottenUpTo);
        var ordinals = WriteEvents(correlator, writer);
        writer.Write(correlator.Windows.Count);
        foreach (var window in correlator.Windows)
        {
            writer.Write(window.Spec.Identity);
            var entries = window.All().ToList();
            writer.Write(entries.Count);
            foreach (var (key, entry) in entries)
            {
                writer.Write(key.High);
                writer.Write(key.Low);
                writer.Write(ordinals[window.EventOf(entry)]);
                var differences = window.DifferencesOf(entry);
                writer.Write(differences.Length);
                foreach (var difference in differences)
                    writer.Write(difference);
            }
        }

        var mutes = correlator.Mutes.All().ToList();
        writer.Write(mutes.Count);
        foreach (var (key, until) in mutes)
        {
            writer.Write(key.High);
            writer.Write(key.Low);
            writer.Write(until);
        }
    }

    /// <exception cref="EndOfStreamException">The state is cut off.</exception>
    /// <exception cref="FormatException">It is no state.</exception>
    public static void Read(Correlator correlator, BinaryReader reader)
    {
        correlator.Sequence = reader.ReadInt64();
        correlator.ForgottenUpTo = reader.ReadInt64();
        var slots = ReadEvents(correlator, reader);
        for (var windows = reader.ReadInt32(); windows > 0; windows--)
        {
            var identity = reader.ReadString();
            var window = correlator.Windows.FirstOrDefault(w => w.Spec.Identity == identity);
            for (var entries = reader.ReadInt32(); entries > 0; entries--)
                ReadEntry(correlator, reader, window, slots);
        }

        for (var mutes = reader.ReadInt32(); mutes > 0; mutes--)
            correlator.Mutes.Restore(new WindowKey(reader.ReadUInt64(), reader.ReadUInt64()), reader.ReadInt64());

        foreach (var slot in slots)
            correlator.Events.ReleaseUnused(slot);
    }

    private static Dictionary<int, int> WriteEvents(Correlator correlator, BinaryWriter writer)
    {
        var ordinals = new Dictionary<int, int>();
        var slots = new List<int>();
        foreach (var window in correlator.Windows)
        {
            foreach (var (_, entry) in window.All())
            {
                if (ordinals.TryAdd(window.EventOf(entry), slots.Count))
                    slots.Add(window.EventOf(entry));
            }
        }

        writer.Write(slots.Count);
        foreach (var index in slots)
        {
            ref var slot = ref correlator.Events.At(index);
            writer.Write(slot.ArrivalSeconds);
            writer.Write(slot.Mark);
            writer.Write(correlator.Events.SequenceOf(index));
            if (correlator.Lines.TryGet(slot.Line, slot.LineLength, out var line))
            {
                writer.Write(line.Length);
                writer.Write(line);
            }
            else
            {
                writer.Write(MissingLine);
            }
        }

        return ordinals;
    }

    private static List<int> ReadEvents(Correlator correlator, BinaryReader reader)
    {
        var slots = new List<int>();
        for (var count = reader.ReadInt32(); count > 0; count--)
        {
            var (arrival, mark, sequence, length) = (reader.ReadInt64(), reader.ReadInt32(), reader.ReadInt64(), reader.ReadInt32());
            var address = length == MissingLine ? -1 : correlator.Lines.Add(ReadBytes(reader, length));
            slots.Add(correlator.Events.Add(arrival, mark, sequence, address, Math.Max(0, length)));
        }

        return slots;
    }

    private static void ReadEntry(Correlator correlator, BinaryReader reader, Window? window, List<int> slots)
    {
        var key = new WindowKey(reader.ReadUInt64(), reader.ReadUInt64());
        var ordinal = reader.ReadInt32();
        var count = reader.ReadInt32();
        if ((uint)ordinal >= (uint)slots.Count || (uint)count > 64)
            throw new FormatException("An entry refers to an event that is not there.");

        var differences = new ulong[count];
        for (var i = 0; i < count; i++)
            differences[i] = reader.ReadUInt64();

        if (window is not null && window.DifferenceCount == count)
            window.Add(key, slots[ordinal], correlator.Events.At(slots[ordinal]).ArrivalSeconds, differences);
    }

    private static byte[] ReadBytes(BinaryReader reader, int length)
    {
        if (length < 0 || length > reader.BaseStream.Length)
            throw new FormatException("A line is longer than the state.");

        var bytes = reader.ReadBytes(length);
        return bytes.Length == length ? bytes : throw new EndOfStreamException();
    }
}
