using Redoubt.Engine.Explain;
using Redoubt.Engine.Match;
using Redoubt.Patterns;

namespace Redoubt.Engine.Decode;

/// <summary>Finds the decoder of a log and takes the fields out of it.</summary>
/// <remarks>
/// The first top-level decoder that fits decides; its first child that fits decides on; a chain of same-named children is
/// tried to its end. Cost: the candidates for a program name are found once and remembered. Allocates nothing for a program
/// name seen before. Threads: not safe. Source: rule-engine.md 2.5, whose names the variables have.
/// </remarks>
internal sealed class DecoderWalker
{
    private const int MaxPrograms = 10_000;

    private readonly DecoderTree _tree;
    private readonly TextPattern[] _rulePatterns;
    private readonly PluginDecoders _plugins;
    private readonly Dictionary<byte[], ProgramFacts> _byProgram = new(ByteTextComparer.Instance);
    private readonly Dictionary<byte[], ProgramFacts>.AlternateLookup<ReadOnlySpan<byte>> _byProgramLookup;
    private readonly Capture[] _captures;

    /// <param name="tree">The decoders.</param>
    /// <param name="rulePatterns">The patterns that rules have on program names.</param>
    /// <param name="plugins">The decoders that are code.</param>
    public DecoderWalker(DecoderTree tree, TextPattern[] rulePatterns, PluginDecoders plugins)
    {
        _tree = tree;
        _rulePatterns = rulePatterns;
        _plugins = plugins;
        _captures = new Capture[tree.MaxOrder];
        _byProgramLookup = _byProgram.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>Decodes the event; without a decoder it keeps none and its category is syslog.</summary>
    /// <param name="e">The event, its header read and its literals found.</param>
    /// <param name="trace">Who watches.</param>
    public void Decode<TTrace>(DecodedEvent e, ref TTrace trace)
        where TTrace : struct, IDecoderTrace
    {
        e.Program = e.HasProgramName ? FactsOf(e.ProgramName) : null;
        foreach (var decoder in e.Program?.Decoders ?? _tree.WithoutProgramFor(e.Log))
        {
            var before = e.WorkBytes;
            var isIt = Prematches(e, decoder, out var parentEnd);
            if (isIt)
                Enter(e, decoder, parentEnd, ref trace);
            else if (TTrace.IsOn)
                trace.PrematchFailed(decoder, e);

            if (e.IsLong)
                e.NoteWork(decoder, e.WorkBytes - before);

            if (isIt)
                return;
        }
    }

    private static bool Prematches(DecodedEvent e, Decoder decoder, out int end)
    {
        end = 0;
        return decoder.Prematch is not { } prematch
            || (
                prematch.MayStandIn(e.Literals)
                && e.Spend(prematch.WorkOn(e.LogSpan.Length))
                && prematch.TryFindEnd(e.Log, e.Text.Lowered(e.LogSpan), out end)
            );
    }

    private ProgramFacts FactsOf(ReadOnlySpan<byte> program) =>
        _byProgramLookup.TryGetValue(program, out var known) ? known : FindFacts(program);

    private ProgramFacts FindFacts(ReadOnlySpan<byte> program)
    {
        if (_byProgram.Count >= MaxPrograms)
            _byProgram.Clear();

        var name = program.ToArray();
        var lowered = AsciiFold.ToLower(name);
        var facts = new ProgramFacts(
            Array.FindAll(_tree.WithProgram, d => d.ProgramName!.IsMatch(name, lowered)),
            Array.ConvertAll(_rulePatterns, p => p.IsMatch(name, lowered))
        );
        _byProgram.Add(name, facts);
        return facts;
    }

    private void Enter<TTrace>(DecodedEvent e, Decoder decoder, int parentEnd, ref TTrace trace)
        where TTrace : struct, IDecoderTrace
    {
        if (TTrace.IsOn)
            trace.Chosen(decoder);

        e.Decoder = decoder;
        e.Category = decoder.Category;
        if (decoder.Children.Count == 0)
        {
            Run(e, decoder.Alone, 0, parentEnd, parentEnd, ref trace);
            return;
        }

        var child = FindChild(e, decoder, parentEnd, ref trace, out var prematchEnd);
        if (child < 0)
            return;

        if (TTrace.IsOn)
            trace.Chosen(decoder.Children[child]);

        if (decoder.Children[child].Prematch is not null)
        {
            e.ParentDecoder = decoder;
            e.Decoder = decoder.Children[child];
            e.Category = e.Decoder.Category;
        }

        Run(e, decoder.Children, child, parentEnd, prematchEnd, ref trace);
    }

    // A child without prematch is taken at once; the rest of a chain whose head fails is passed over.
    private static int FindChild<TTrace>(DecodedEvent e, Decoder decoder, int parentEnd, ref TTrace trace, out int prematchEnd)
        where TTrace : struct, IDecoderTrace
    {
        prematchEnd = parentEnd;
        var children = decoder.ChildTable;
        for (var i = 0; i < children.Length; i = children[i].Next)
        {
            ref readonly var child = ref children[i];
            if (child.Prematch is null)
                return i;

            if (child.Gate.IsOpen(e.Literals))
            {
                var start = child.Offset == DecoderOffset.AfterParent ? parentEnd : 0;
                var rest = Behind(e.LogSpan, start);
                if (
                    e.Spend(child.Prematch.WorkOn(rest.Length))
                    && child.Prematch.TryFindEnd(e.Text.Raw(rest), e.Text.Lowered(rest), out var next)
                )
                {
                    prematchEnd = start + next;
                    return i;
                }
            }

            if (TTrace.IsOn)
                trace.PrematchFailed(decoder.Children[i], e);
        }

        return -1;
    }

    private void Run<TTrace>(DecodedEvent e, IReadOnlyList<Decoder> chain, int index, int parentEnd, int prematchEnd, ref TTrace trace)
        where TTrace : struct, IDecoderTrace
    {
        var regexEnd = prematchEnd;
        while (true)
        {
            var decoder = chain[index];
            if (decoder.Plugin != DecoderPlugin.None)
            {
                _plugins.Run(decoder, e, Behind(e.LogSpan, StartOf(decoder.PluginOffset, parentEnd, prematchEnd, regexEnd)));
                if (TTrace.IsOn)
                    trace.GaveFields(decoder);
            }
            else if (decoder.Regex is not null)
            {
                var start = StartOf(decoder.RegexOffset, parentEnd, prematchEnd, regexEnd);
                var rest = Behind(e.LogSpan, start);
                if (
                    decoder.Regex.MayStandIn(e.Literals)
                    && e.Spend(decoder.Regex.WorkOn(rest.Length))
                    && decoder.Regex.TryMatch(e.Text.Raw(rest), e.Text.Lowered(rest), _captures, out var count, out var next)
                )
                {
                    regexEnd = start + next;
                    GiveFields(e, decoder, rest.Start, _captures.AsSpan(0, count));
                    if (TTrace.IsOn)
                        trace.GaveFields(decoder);
                }
                else if (TTrace.IsOn)
                {
                    trace.RegexFailed(decoder, e);
                }
            }
            else
            {
                return;
            }

            if (!decoder.HasNext || ++index >= chain.Count)
                return;
        }
    }

    private static int StartOf(DecoderOffset offset, int parentEnd, int prematchEnd, int regexEnd) =>
        offset switch
        {
            DecoderOffset.AfterParent => parentEnd,
            DecoderOffset.AfterPrematch => prematchEnd,
            DecoderOffset.AfterRegex => regexEnd,
            _ => 0,
        };

    private static void GiveFields(DecodedEvent e, Decoder decoder, int start, ReadOnlySpan<Capture> captures)
    {
        var count = Math.Min(captures.Length, decoder.Order.Length);
        for (var i = 0; i < count; i++)
        {
            // A group that took no part before one that did gives an empty text.
            var value = captures[i].IsSet ? new TextSpan(start + captures[i].Start, captures[i].Length) : new TextSpan(start, 0);
            var target = decoder.Order[i];
            if (target.Static is { } field)
            {
                e.SetStatic(field, value);
                if (field == StaticField.SrcIp)
                    e.HasFixedSource = decoder.HasFixedSource && i == 0;
            }
            else
            {
                e.AddDynamic(new DynamicField(target.DynamicNumber, target.DynamicName, TextSpan.None, value, IsJsonArray: false));
            }
        }
    }

    private static TextSpan Behind(TextSpan log, int start) => new(log.Start + start, log.Length - start);
}
