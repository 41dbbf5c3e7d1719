using Redoubt.Engine;
using Redoubt.Model;

namespace Redoubt.App.Replay;

/// <summary>The lines of files for the engine, each with the arrival that it tells itself.</summary>
/// <remarks>Threads: called by one at a time, whichever.</remarks>
internal sealed class ReplayFeed : ILineFeed
{
    private readonly ReplayInput _input;
    private readonly ReplayOptions _options;
    private readonly LinePreparer _preparer;
    private readonly PreparedLine _scratch;
    private readonly ReplaySummary _summary;
    private readonly LineChunk _chunk = new();
    private readonly AgentIdentity _agent = AgentIdentity.ManagerHost(Environment.MachineName);
    private int _next;

    internal ReplayFeed(ReplayInput input, ReplayOptions options, EngineOptions engineOptions, ReplaySummary summary)
    {
        _input = input;
        _options = options;
        _preparer = new LinePreparer(options.Rules.Ruleset, engineOptions);
        _scratch = new PreparedLine(options.Rules.Ruleset, engineOptions);
        _summary = summary;
    }

    /// <inheritdoc/>
    public bool TryRead(out LogLine line)
    {
        if (_next == _chunk.Count && !NextChunk())
        {
            line = default;
            return false;
        }

        var text = _chunk.Line(_next++);
        line = new LogLine
        {
            Text = text,
            ArrivalUnixMilliseconds = ArrivalOf(text),
            Agent = _agent,
            Location = _chunk.Location,
            Kind = _options.Kind,
        };
        _summary.Lines++;
        return true;
    }

    private bool NextChunk()
    {
        _options.Progress?.Invoke(_summary.Lines);
        if (!_input.Next(_chunk))
            return false;

        if (_chunk.StartsFile)
            _options.Clock.StartFile();

        _summary.Bytes += _chunk.Bytes;
        _next = 0;
        return true;
    }

    private long ArrivalOf(ReadOnlySpan<byte> text)
    {
        var arrival = _options.Clock.Read(_preparer.ReadTimestamp(text, _scratch));
        if (arrival != 0)
        {
            _summary.First ??= arrival;
            _summary.Last = Math.Max(_summary.Last, arrival);
        }

        return arrival;
    }
}
