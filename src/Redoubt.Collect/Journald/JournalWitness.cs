using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Redoubt.Collect.Native;
using Redoubt.Collect.Positions;
using Redoubt.Model;

namespace Redoubt.Collect.Journald;

/// <summary>Knows of a line that a syslog daemon has put into a file who wrote it, where the journal received the same message.</summary>
/// <remarks>
/// It follows the journal beside the files and keeps what the last entries said, by a hash of their letters and digits: a syslog daemon
/// rewrites other bytes. Memory: <see cref="MaxEntries"/> hashes. The daemon gets a message before the journal stores it, so a line may
/// be some milliseconds early: it is waited for, as long as the journal is known to have such lines.
/// Where two entries say the same, the one that is trusted less counts. Threads: the reader thread.
/// </remarks>
internal sealed partial class JournalWitness(string? folder, TimeProvider time, ILogger log) : IDisposable
{
    internal const int MaxEntries = 65_536;

    private const int MaxMisses = 3;
    private const int MaxLetters = 1024;
    private const int MaxMessageBytes = 8 * 1024;
    private static readonly TimeSpan Past = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(20);

    private readonly Dictionary<ulong, LineStanding> _known = [];
    private readonly Queue<ulong> _order = new();
    private readonly byte[] _letters = new byte[MaxLetters];
    private Journal? _journal;
    private DateTimeOffset _openedAt = DateTimeOffset.MinValue;
    private int _misses;
    private bool _isUnavailable;

    public void Dispose()
    {
        _journal?.Dispose();
        _journal = null;
    }

    /// <summary>What the journal knows of a line; <see cref="LineOrigin.Relayed"/> where it knows nothing.</summary>
    /// <param name="message">The line from the program's name on.</param>
    internal LineStanding Ask(ReadOnlySpan<byte> message)
    {
        if (!IsOpen())
            return default;

        var key = KeyOf(message, default, default);
        Follow();
        if (!_known.TryGetValue(key, out var standing) && !(_misses < MaxMisses && Awaits(key, out standing)))
        {
            _misses = Math.Min(_misses + 1, MaxMisses);
            return default;
        }

        _misses = 0;
        return standing;
    }

    private bool Awaits(ulong key, out LineStanding standing)
    {
        var started = Stopwatch.GetTimestamp();
        do
        {
            // The journal gives notice late, so it is looked at every millisecond.
            _journal?.Wait(milliseconds: 1);
            Follow();
            if (_known.TryGetValue(key, out standing))
                return true;
        } while (Stopwatch.GetElapsedTime(started) < Patience);

        return false;
    }

    // Opened again every ten minutes: folders that came meanwhile are not seen else.
    private bool IsOpen()
    {
        var now = time.GetUtcNow();
        if (_isUnavailable || (now - _openedAt < Past && now >= _openedAt))
            return _journal is not null;

        Dispose();
        if (!Journal.FoldersOf(folder).Any())
        {
            _openedAt = now - Past + LookAgain;
            return false;
        }

        _openedAt = now;
        try
        {
            _journal = Journal.Open(
                new JournaldSourceOptions
                {
                    Location = "journald",
                    Folder = folder,
                    MaxLineBytes = MaxMessageBytes,
                },
                out _
            );
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            _isUnavailable = true; // no journal, no witness: lines are what they were
        }

        _journal?.SeekRealtime((ulong)Math.Max(0, (now - Past).ToUnixTimeMilliseconds()) * 1000);
        return _journal is not null;
    }

    private void Follow()
    {
        if (_journal is not { } journal)
            return;

        journal.Process();
        int result;
        while ((result = journal.Next()) > 0)
            Remember(journal);

        if (result >= 0)
            return;

        Log.WitnessFailed(log, -result);
        Dispose(); // opened again with the next interval
    }

    private void Remember(Journal entry)
    {
        var standing = JournalWriter.Of(entry).Judge();
        Span<byte> program = stackalloc byte[256];
        Span<byte> pid = stackalloc byte[32];
        program = Copy(entry.Get("SYSLOG_IDENTIFIER\0"u8), program);
        if (program.IsEmpty)
            program = Copy(entry.Get("_COMM\0"u8), stackalloc byte[256]);

        // The daemon shows the number that the sender gave, or the true one.
        pid = Copy(entry.Get("SYSLOG_PID\0"u8), pid);
        Remember(KeyOf(program, pid, entry.Get("MESSAGE\0"u8)), standing);
        Span<byte> own = stackalloc byte[32];
        own = Copy(entry.Get("_PID\0"u8), own);
        if (!own.SequenceEqual(pid))
            Remember(KeyOf(program, own, entry.Get("MESSAGE\0"u8)), standing);
    }

    private void Remember(ulong key, LineStanding standing)
    {
        if (_known.TryGetValue(key, out var earlier))
        {
            if (Rank(standing.Origin) < Rank(earlier.Origin))
                _known[key] = standing;

            return;
        }

        if (_order.Count == MaxEntries)
            _known.Remove(_order.Dequeue());

        _known.Add(key, standing);
        _order.Enqueue(key);
    }

    private static int Rank(LineOrigin origin) =>
        origin switch
        {
            LineOrigin.Forged => 0,
            LineOrigin.Unprivileged => 1,
            LineOrigin.Verified => 3,
            _ => 2,
        };

    private static Span<byte> Copy(ReadOnlySpan<byte> value, Span<byte> target)
    {
        var length = Math.Min(value.Length, target.Length);
        value[..length].CopyTo(target);
        return target[..length];
    }

    private ulong KeyOf(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third)
    {
        var length = 0;
        AddLetters(first, ref length);
        AddLetters(second, ref length);
        AddLetters(third, ref length);

        // Somebody who makes two texts with one hash gains nothing: the entry that is trusted less counts.
        return Fnv.Hash(_letters.AsSpan(0, length));
    }

    // rsyslog writes a control byte as # and three octal digits, others as ^X or not at all.
    private void AddLetters(ReadOnlySpan<byte> text, ref int length)
    {
        for (var i = 0; i < text.Length && length < _letters.Length; i++)
        {
            if (text[i] == '#' && i + 3 < text.Length && text.Slice(i + 1, 3).IndexOfAnyExceptInRange((byte)'0', (byte)'7') < 0)
                i += 3;
            else if (char.IsAsciiLetterOrDigit((char)text[i]))
                _letters[length++] = text[i];
        }
    }

    // Event id 1050.
    private static partial class Log
    {
        [LoggerMessage(
            1044,
            LogLevel.Warning,
            "The journal cannot be asked who wrote the lines of files (error {Error}); they count as relayed until it is opened again"
        )]
        internal static partial void WitnessFailed(ILogger logger, int error);
    }
}
