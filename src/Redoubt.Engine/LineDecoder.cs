using System.Text;
using Redoubt.Engine.Decode;
using Redoubt.Engine.Explain;
using Redoubt.Model;

namespace Redoubt.Engine;

/// <summary>The part of the analysis that needs no memory of other lines: header, literals, decoder and fields of one line.</summary>
/// <remarks>
/// What comes out depends on the line alone, so several decoders may work at once, each with events of its own; their events go to
/// one <see cref="AnalysisEngine"/> in the order of arrival. Allocates nothing per line. Errors: none, whatever the bytes are.
/// Threads: not safe; one per thread.
/// </remarks>
public sealed class LineDecoder
{
    private readonly Ruleset _ruleset;
    private readonly byte[] _hostName;
    private readonly Predecoder _predecoder;
    private readonly DecoderWalker _decoders;
    private readonly EventChannelDecoder _eventChannel = new();
    private readonly SourceTextCache _sources = new();

    /// <summary>Makes a decoder.</summary>
    /// <param name="ruleset">The decoders; the engine that gets the events must have the same.</param>
    /// <param name="options">The engine's options.</param>
    public LineDecoder(Ruleset ruleset, EngineOptions options)
    {
        _ruleset = ruleset;
        _hostName = Encoding.UTF8.GetBytes(options.HostName);
        _predecoder = new Predecoder(ruleset.Compatibility);
        _decoders = new DecoderWalker(ruleset.Decoders, ruleset.ProgramPatterns, new PluginDecoders());
    }

    /// <summary>Makes an event to decode lines into; tens of kilobytes, to be used again and again.</summary>
    public DecodedEvent CreateEvent() => new(_ruleset.Names, _ruleset.Literals.WordCount, _hostName, _ruleset.Compatibility);

    /// <summary>Decodes a line into an event, which forgets what it held. The line is copied.</summary>
    public void Decode(in LogLine line, DecodedEvent e)
    {
        var trace = default(NoTrace);
        Decode(in line, e, ref trace);
    }

    internal void Decode<TTrace>(in LogLine line, DecodedEvent e, ref TTrace trace)
        where TTrace : struct, IDecoderTrace
    {
        e.ArrivalUnixMilliseconds = line.ArrivalUnixMilliseconds;
        e.Source = _sources.Of(line.Agent, line.Location);
        e.Start(line.Text);
        if (line.Kind == LineKind.EventChannel)
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
