namespace Redoubt.Corpus;

/// <summary>Makes log files of any size for measurements: made up by us after the formats of the services, from a seed.</summary>
/// <remarks>Memory: a buffer of 64 KiB and sixteen sessions, whatever the number of lines. Threads: not safe.</remarks>
public static class LineCorpus
{
    private const int OpenSessions = 16;
    private const int FlushBytes = 1 << 15;

    /// <summary>The lines of a corpus, each ended by a newline, as one array.</summary>
    public static byte[] Make(CorpusOptions options)
    {
        using var memory = new MemoryStream(options.Lines * 128);
        Write(options, memory);
        return memory.ToArray();
    }

    /// <summary>Writes the lines of a corpus, each ended by a newline.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Options out of their range.</exception>
    public static void Write(CorpusOptions options, Stream target)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(options.Lines);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.LinesPerSecond);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Sources);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Sources, 1 << 24);

        var random = new SeededRandom(options.Seed);
        var scripts = ScriptsOf(options.Kind);
        var attackers = 0;
        Session Begin()
        {
            var script = Draw(scripts, random);
            return new Session(script, script.IsAttack ? attackers++ % options.Sources : 0, random);
        }

        // Several happenings at a time, so that their lines stand among one another as in a real file.
        var open = Enumerable.Range(0, OpenSessions).Select(_ => Begin()).ToArray();
        var buffer = new LineBuffer();
        var time = LogTime.Of(options.StartUnixSeconds);
        for (var line = 0; line < options.Lines; line++)
        {
            if (line % options.LinesPerSecond == 0)
                time = LogTime.Of(options.StartUnixSeconds + (line / options.LinesPerSecond));

            ref var session = ref open[random.Next(open.Length)];
            session.WriteNext(buffer, time);
            if (session.IsOver)
                session = Begin();

            if (buffer.Length >= FlushBytes)
                buffer.Flush(target);
        }

        buffer.Flush(target);
    }

    /// <summary>When a line of a corpus arrives, Unix milliseconds: the time it tells.</summary>
    /// <param name="options">The corpus.</param>
    /// <param name="line">Its number, from 0.</param>
    public static long ArrivalOf(CorpusOptions options, long line) => (options.StartUnixSeconds + (line / options.LinesPerSecond)) * 1_000;

    private static Script[] ScriptsOf(CorpusKind kind) =>
        kind == CorpusKind.Ssh
            ? [SshScripts.UnknownUser(40), SshScripts.Root(30), SshScripts.Scan(24), SshScripts.GoodLogin(21)]
            :
            [
                SshScripts.GoodLogin(6),
                SshScripts.UnknownUser(1),
                ServerScripts.Sudo,
                ServerScripts.Cron,
                ServerScripts.Systemd,
                ServerScripts.Kernel,
                ServerScripts.Dropped,
                ServerScripts.Mail,
                ServerScripts.RejectedMail,
                ServerScripts.Web,
                ServerScripts.WebProbe,
            ];

    private static Script Draw(Script[] scripts, SeededRandom random)
    {
        var at = random.Next(scripts.Sum(s => s.Weight));
        foreach (var script in scripts)
        {
            at -= script.Weight;
            if (at < 0)
                return script;
        }

        throw new InvalidOperationException("The weights do not add up.");
    }
}
