using Redoubt.Engine.Match;

namespace Redoubt.Engine;

/// <summary>The form in which an engine's memory is exported: windows, mutes, fired times, first times, texts of <c>check_diff</c>.</summary>
internal static class EngineState
{
    private static ReadOnlySpan<byte> Magic => "RDTENG01"u8;

    public static byte[] Write(AnalysisEngine engine)
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream))
        {
            writer.Write(Magic);
            writer.Write(engine.Secret);
            WriteFired(engine, writer);
            Correlate.CorrelatorState.Write(engine.Correlator, writer);
            WriteFirstTimes(engine.Context.FirstTimes, writer);
            WriteDiffs(engine.Context.Diffs, writer);
        }

        return stream.ToArray();
    }

    /// <summary>Reads the state into an engine without memory; false when it is cut off or no state.</summary>
    public static bool TryRead(AnalysisEngine engine, byte[] state)
    {
        if (!state.AsSpan().StartsWith(Magic))
            return false;

        try
        {
            using var reader = new BinaryReader(new MemoryStream(state));
            reader.ReadBytes(Magic.Length);
            engine.Forget(ReadBytes(reader, AnalysisEngine.SecretBytes));
            ReadFired(engine, reader);
            Correlate.CorrelatorState.Read(engine.Correlator, reader);
            ReadFirstTimes(engine.Context.FirstTimes, reader);
            ReadDiffs(engine.Context.Diffs, reader);
            return reader.BaseStream.Position == reader.BaseStream.Length;
        }
        catch (Exception problem) when (problem is EndOfStreamException or FormatException or ArgumentException or IOException)
        {
            // A state that cannot be read is worth nothing; the caller starts without one.
            return false;
        }
    }

    private static void WriteFired(AnalysisEngine engine, BinaryWriter writer)
    {
        writer.Write(engine.Ruleset.AllRules.Length);
        foreach (var rule in engine.Ruleset.AllRules)
        {
            writer.Write(rule.Id);
            writer.Write(engine.FiredTimes[rule.Index]);
        }
    }

    private static void ReadFired(AnalysisEngine engine, BinaryReader reader)
    {
        for (var count = reader.ReadInt32(); count > 0; count--)
        {
            var (id, times) = (reader.ReadInt32(), reader.ReadInt32());
            if (engine.Ruleset.Find(id) is { } rule)
                engine.FiredTimes[rule.Index] = times;
        }
    }

    private static void WriteFirstTimes(FirstTimeStore store, BinaryWriter writer)
    {
        var keys = store.All().ToList();
        writer.Write(keys.Count);
        foreach (var key in keys)
            WriteBytes(writer, key);
    }

    private static void ReadFirstTimes(FirstTimeStore store, BinaryReader reader)
    {
        for (var count = reader.ReadInt32(); count > 0; count--)
            store.Restore(ReadBytes(reader));
    }

    private static void WriteDiffs(DiffStore store, BinaryWriter writer)
    {
        var texts = store.All().ToList();
        writer.Write(texts.Count);
        foreach (var ((rule, host), log) in texts)
        {
            writer.Write(rule);
            writer.Write(host);
            WriteBytes(writer, log);
        }
    }

    private static void ReadDiffs(DiffStore store, BinaryReader reader)
    {
        for (var count = reader.ReadInt32(); count > 0; count--)
            store.Restore(reader.ReadInt32(), reader.ReadString(), ReadBytes(reader));
    }

    private static void WriteBytes(BinaryWriter writer, byte[] bytes)
    {
        writer.Write(bytes.Length);
        writer.Write(bytes);
    }

    private static byte[] ReadBytes(BinaryReader reader)
    {
        var length = reader.ReadInt32();
        if (length < 0 || length > reader.BaseStream.Length)
            throw new FormatException("A text is longer than the state.");

        return ReadBytes(reader, length);
    }

    private static byte[] ReadBytes(BinaryReader reader, int length)
    {
        var bytes = reader.ReadBytes(length);
        return bytes.Length == length ? bytes : throw new EndOfStreamException();
    }
}
