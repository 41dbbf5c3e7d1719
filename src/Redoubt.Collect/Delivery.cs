using System.Buffers;
using Microsoft.Extensions.Logging;
using Redoubt.Collect.Journald;

namespace Redoubt.Collect;

/// <summary>The way of a line from a source to the sink, and the only place that stops it.</summary>
/// <remarks>Threads: the reader thread, except <see cref="Interrupt"/>.</remarks>
internal sealed partial class Delivery(
    ICollectedLines sink,
    JournalWitness witness,
    OutputSockets sockets,
    OutputSurroundings surroundings,
    TimeProvider time,
    ILogger log
)
{
    private const int UsualBufferLength = 128 * 1024;

    private readonly ArrayBufferWriter<byte> _formatted = new();
    private byte[] _buffer = [];
    private volatile bool _interrupted;

    /// <summary>Whether the sink refused a line; nothing more is offered until a rewind.</summary>
    internal bool IsPaused { get; set; }

    /// <summary>Knows who wrote what a syslog daemon passed on.</summary>
    internal JournalWitness Witness => witness;

    /// <summary>Number of rewinds so far.</summary>
    internal int Pass { get; set; }

    internal long NowUnixMilliseconds => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>The one read buffer, with room for at least a longest line and its line end.</summary>
    internal byte[] BufferFor(int maxLineBytes)
    {
        var wanted = Math.Max(UsualBufferLength, maxLineBytes + 2);
        if (_buffer.Length < wanted)
            _buffer = GC.AllocateUninitializedArray<byte>(wanted);
        return _buffer;
    }

    /// <summary>Makes the next delivery stop, because a request waits. Any thread.</summary>
    internal void Interrupt() => _interrupted = true;

    internal void Resume() => _interrupted = false;

    /// <summary>Hands a line to the sink, as long as that takes, and to the sockets of its source.</summary>
    /// <param name="source">Counts it.</param>
    /// <param name="file">Where it stands.</param>
    /// <param name="endOffset">After its newline.</param>
    /// <param name="arrival">Unix time in milliseconds.</param>
    /// <param name="length">Bytes it takes in the file.</param>
    /// <param name="text">Its bytes, perhaps too many.</param>
    /// <param name="truncated">Whether bytes are missing already.</param>
    /// <param name="standing">What is known of who wrote it.</param>
    /// <returns>Whether it was taken; if not, the source must stop before it.</returns>
    internal bool TryDeliver(
        Source source,
        FileIdentity file,
        long endOffset,
        long arrival,
        long length,
        ReadOnlySpan<byte> text,
        bool truncated,
        LineStanding standing = default
    )
    {
        if (_interrupted || IsPaused)
            return false;

        var options = source.Options;
        truncated |= Cut(ref text, options.MaxLineBytes);
        if (!options.GoesToSink)
        {
            if (!SendToSockets(source, file, endOffset, text))
                return false;

            source.Positions.Acknowledge(source.Key, file, endOffset);
            source.Count(length, truncated);
            return true;
        }

        var sent = Format(options.Template, text, options.Location);
        truncated |= Cut(ref sent, options.MaxLineBytes);
        var line = new CollectedLine
        {
            Location = options.Location,
            Format = options.Format,
            SourceKey = source.Key,
            File = file,
            EndOffset = endOffset,
            ArrivalUnixMilliseconds = arrival,
            Text = sent,
            Truncated = truncated,
            Pass = Pass,
            Origin = standing.Origin,
            Writer = standing.Writer,
        };

        if (!IsTaken(in line))
        {
            IsPaused = true;
            return false;
        }

        source.Count(length, truncated);
        if (!SendToSockets(source, file, endOffset, text))
            source.CountUnsent();

        return true;
    }

    private static bool Cut(ref ReadOnlySpan<byte> text, int limit)
    {
        if (text.Length <= limit)
            return false;

        text = text[..limit];
        return true;
    }

    private ReadOnlySpan<byte> Format(OutputTemplate? template, ReadOnlySpan<byte> text, string location)
    {
        if (template is null)
            return text;

        _formatted.ResetWrittenCount();
        template.Write(_formatted, text, location, surroundings);
        return _formatted.WrittenSpan;
    }

    /// <returns>Whether each of them has it.</returns>
    private bool SendToSockets(Source source, FileIdentity file, long endOffset, ReadOnlySpan<byte> text)
    {
        var all = true;
        foreach (var output in source.Options.Outputs)
        {
            if (source.Sent.Has(output.Socket, file, endOffset))
                continue;

            if (sockets.Of(output.Socket).TrySend(Format(output.Template, text, source.Options.Location)))
                source.Sent.Add(output.Socket, file, endOffset);
            else
                all = false;
        }

        return all;
    }

    private bool IsTaken(in CollectedLine line)
    {
        try
        {
            return sink.Receive(in line);
        }
        catch (Exception error)
        {
            // A fault of the sink must not end collection: the line counts as not taken and comes again after a rewind.
            Log.SinkFailed(log, error);
            return false;
        }
    }

    // Event id 1010.
    private static partial class Log
    {
        [LoggerMessage(1010, LogLevel.Error, "The receiver of lines failed; reading pauses at the line until the next rewind")]
        internal static partial void SinkFailed(ILogger logger, Exception error);
    }
}
