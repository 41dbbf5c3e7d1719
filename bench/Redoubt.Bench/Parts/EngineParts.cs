using BenchmarkDotNet.Attributes;
using Redoubt.Bench.Measure;
using Redoubt.Corpus;
using Redoubt.Engine;
using Redoubt.Engine.Decode;
using Redoubt.Engine.Explain;
using Redoubt.Engine.Match;
using Redoubt.Model;
using Redoubt.Record;

namespace Redoubt.Bench.Parts;

/// <summary>What each part of the way of a line costs, over lines of a corpus; figures are per line.</summary>
/// <remarks>Rules: the built-in ones, or the folder in <c>REDOUBT_BENCH_RULES</c> that has <c>decoders</c>, <c>rules</c> and <c>lists</c>.</remarks>
[MemoryDiagnoser]
public class EngineParts
{
    private const int Lines = 1_000;

    private readonly EngineOptions _options = new() { HostName = "web1" };
    private byte[][] _texts = [];
    private PreparedLine[] _lines = [];
    private Alert[] _alerts = [];
    private AnalysisEngine _engine = null!;
    private LinePreparer _preparer = null!;
    private Predecoder _predecoder = null!;
    private DecoderWalker _decoders = null!;
    private RuleScout _scout = null!;
    private AlertJson _json = null!;
    private CorpusOptions _corpus = new();

    /// <summary>Which corpus.</summary>
    [Params(CorpusKind.Ssh, CorpusKind.Mixed)]
    public CorpusKind Corpus { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _corpus = new CorpusOptions { Kind = Corpus, Lines = Lines };
        var bytes = LineCorpus.Make(_corpus);
        _texts = [.. Cut(bytes)];
        var ruleset = RulesetFolders.Load(RulesetFolders.Default());
        _engine = new AnalysisEngine(ruleset, _options);
        _preparer = new LinePreparer(ruleset, _options);
        _predecoder = new Predecoder(ruleset.Compatibility);
        _decoders = new DecoderWalker(ruleset.Decoders, ruleset.ProgramPatterns, new PluginDecoders());
        _scout = new RuleScout(ruleset, TimeZoneInfo.Utc);
        _json = new AlertJson("manager", 12, TimeZoneInfo.Utc);
        _lines = [.. _texts.Select(_ => new PreparedLine(ruleset, _options))];
        for (var i = 0; i < Lines; i++)
        {
            _preparer.Take(EngineLane.LineOf(_corpus, i, _texts[i]), _lines[i]);
            _preparer.Prepare(_lines[i]);
        }

        _alerts = [.. _lines.Select(line => _engine.Conclude(line)).Where(result => result.IsAlert).Select(result => result.ToAlert())];
    }

    [Benchmark(OperationsPerInvoke = Lines)]
    public void Predecode()
    {
        for (var i = 0; i < Lines; i++)
        {
            var e = _lines[i].Event;
            e.Start(_texts[i]);
            _predecoder.Read(e);
        }
    }

    /// <summary>The search for literals is part of it.</summary>
    [Benchmark(OperationsPerInvoke = Lines)]
    public void PredecodeAndDecode()
    {
        var trace = default(NoTrace);
        for (var i = 0; i < Lines; i++)
        {
            var e = _lines[i].Event;
            e.Start(_texts[i]);
            _predecoder.Read(e);
            _engine.Ruleset.Literals.Scan(e.Text.Lowered(e.LogSpan), e.Literals);
            _decoders.Decode(e, ref trace);
        }
    }

    [Benchmark(OperationsPerInvoke = Lines)]
    public void Match()
    {
        var trace = default(NoTrace);
        foreach (var line in _lines)
            _scout.Scout(line.Event, ref trace);
    }

    [Benchmark(OperationsPerInvoke = Lines)]
    public void Correlate()
    {
        foreach (var line in _lines)
            _engine.Conclude(line);
    }

    /// <summary>Per line of the corpus, not per alert.</summary>
    [Benchmark(OperationsPerInvoke = Lines)]
    public int AlertJson()
    {
        var bytes = 0;
        foreach (var alert in _alerts)
            bytes += _json.Format(alert).Length;

        return bytes;
    }

    private static IEnumerable<byte[]> Cut(byte[] bytes)
    {
        for (var at = 0; at < bytes.Length; )
        {
            var length = bytes.AsSpan(at).IndexOf((byte)'\n');
            yield return bytes[at..(at + length)];
            at += length + 1;
        }
    }
}
