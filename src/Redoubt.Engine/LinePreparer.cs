using Redoubt.Engine.Decode;
using Redoubt.Engine.Explain;
using Redoubt.Engine.Match;
using Redoubt.Model;

namespace Redoubt.Engine;

/// <summary>Does the part of an analysis that needs no memory of earlier lines: most of it.</summary>
/// <remarks>
/// Cost: nine tenths of a line's. Allocates nothing for programs seen before. Errors: none, whatever the bytes are.
/// Threads: not safe; each worker has one of its own, over one <see cref="Ruleset"/>.
/// </remarks>
public sealed class LinePreparer
{
    private const int LongestHeader = 512;

    private readonly Ruleset _ruleset;
    private readonly Predecoder _predecoder;
    private readonly DecoderWalker _decoders;
    private readonly EventChannelDecoder _eventChannel = new();
    private readonly SourceTextCache _sources = new();
    private readonly RuleScout _scout;

    /// <param name="ruleset">The rules.</param>
    /// <param name="options">The options of the engine that goes on with the lines.</param>
    public LinePreparer(Ruleset ruleset, EngineOptions options)
    {
        _ruleset = ruleset;
        _predecoder = new Predecoder(ruleset.Compatibility);
        _decoders = new DecoderWalker(ruleset.Decoders, ruleset.ProgramPatterns, new PluginDecoders());
        _scout = new RuleScout(ruleset, options.TimeZone);
    }

    /// <summary>Takes a line's bytes over; they need not stay where they are afterwards.</summary>
    public void Take(in LogLine line, PreparedLine target)
    {
        var e = target.Event;
        e.ArrivalUnixMilliseconds = line.ArrivalUnixMilliseconds;
        e.Source = _sources.Of(line.Agent, line.Location, line.Origin.IsClaimed());
        e.Kind = line.Kind;
        e.Start(line.Text);
        target.Result.Clear();
    }

    /// <summary>Decodes a line that was taken, and finds the rules that it may meet.</summary>
    public void Prepare(PreparedLine line)
    {
        var trace = default(NoTrace);
        Prepare(line, ref trace);
    }

    internal void Prepare<TTrace>(PreparedLine line, ref TTrace trace)
        where TTrace : struct, IDecoderTrace, IRuleTrace
    {
        var e = line.Event;
        Decode(e, ref trace);

        // Fields that are carried from line to line are not there yet, and rules may look at them.
        line.IsScouted = e.Decoder is not { Accumulates: true };
        if (line.IsScouted)
            _scout.Scout(e, ref trace);
    }

    /// <summary>What was left open because of fields that earlier lines fill.</summary>
    internal void Scout<TTrace>(PreparedLine line, ref TTrace trace)
        where TTrace : struct, IRuleTrace
    {
        _scout.Scout(line.Event, ref trace);
        line.IsScouted = true;
    }

    /// <summary>Reads the time that a line's header tells, without preparing the line: for replays, whose arrival is the logged time.</summary>
    /// <param name="line">The line.</param>
    /// <param name="scratch">A line that is not in use.</param>
    /// <returns>The time as text, empty for none; valid as long as the scratch is not used anew.</returns>
    public ReadOnlySpan<byte> ReadTimestamp(ReadOnlySpan<byte> line, PreparedLine scratch)
    {
        // No header is longer, and folding a long line to lower case is not free.
        scratch.Event.Start(line[..Math.Min(line.Length, LongestHeader)]);
        _predecoder.Read(scratch.Event);
        return scratch.Event.Timestamp;
    }

    private void Decode<TTrace>(DecodedEvent e, ref TTrace trace)
        where TTrace : struct, IDecoderTrace
    {
        if (e.Kind == LineKind.EventChannel)
        {
            _eventChannel.Decode(e);
            FindLiterals(e);
            return;
        }

        _predecoder.Read(e);
        FindLiterals(e);
        _decoders.Decode(e, ref trace);
    }

    private void FindLiterals(DecodedEvent e) => _ruleset.Literals.Scan(e.Text.Lowered(e.LogSpan), e.Literals);
}
