using Microsoft.Extensions.Logging;
using Redoubt.Collect.Positions;

namespace Redoubt.Collect.Journald;

/// <summary>Follows the journal, entry by entry, from the acknowledged one on.</summary>
/// <remarks>
/// A journal can hold several sequences (its id is new when the files were lost, or after a boot without stored files), so there is a
/// position for each, as for the files of a rotated log. The position also keeps the time of an entry at or before it, in the place
/// where files have their fingerprint: from there reading resumes, by comparing numbers, where a direct seek does not find the entry.
/// </remarks>
internal sealed partial class JournaldSource(JournaldSourceOptions options, PositionStore positions, TimeProvider time, ILogger log)
    : Source(options, positions)
{
    private const int EntriesAStep = 256;
    private const int MaxSequences = 8;

    /// <summary>Read up to where, oldest sequence first; ahead of the acknowledged positions.</summary>
    private readonly List<FilePosition> _read = [];
    private Journal? _journal;
    private string _openFolders = "";
    private bool _isUnavailable;
    private bool _hasPlace;

    internal override int Descriptor => _journal?.Descriptor ?? -1;

    public override void Dispose()
    {
        _journal?.Dispose();
        _journal = null;
    }

    internal override void Look(bool isRoutine)
    {
        if (!isRoutine || _isUnavailable)
            return;

        IsReady = true;
        var wanted = (JournaldSourceOptions)Options;
        var folders = string.Join(' ', Journal.FoldersOf(wanted.Folder));
        if (_journal is not null && string.Equals(folders, _openFolders, StringComparison.Ordinal))
            return;

        // Also when /var/log/journal appears: an open journal does not see folders that were not there.
        Dispose();
        if (folders.Length == 0)
        {
            Positions.Know(Key);
            if (Enter(SourceState.Waiting))
                Log.NoJournal(log);
        }
        else if (IsReadable(folders))
            Open(wanted, folders);
    }

    internal override bool Step(Delivery delivery)
    {
        if (_journal is not { } journal)
            return false;

        journal.Process();
        if (!_hasPlace)
            Resume(journal);
        for (var count = 0; count < EntriesAStep; count++)
        {
            switch (journal.Next())
            {
                case 0:
                    return false;
                case < 0 and var error:
                    Fail(-error);
                    _hasPlace = false;
                    Dispose(); // opened again at the next look
                    return false;
            }

            if (journal.TryGetPlace(out var place) && !HandOn(journal, place, delivery))
            {
                _hasPlace = false; // the entry has been passed: seek it again
                return false;
            }
        }

        return true;
    }

    internal override void Rewind()
    {
        _read.Clear();
        _read.AddRange(Positions.Get(Key));
        _hasPlace = false;
        IsReady = true;
    }

    private bool HandOn(Journal journal, JournalPlace place, Delivery delivery)
    {
        var index = _read.FindIndex(position => position.File == place.Sequence);
        if (index >= 0 && place.Number <= _read[index].Offset)
            return true;

        if (index < 0)
            index = Begin(new FilePosition(place.Sequence, place.Number - 1, 0, journal.Realtime()));

        if (!((JournaldSourceOptions)Options).Wants(journal))
        {
            Pass(index, place, journal);
            return true;
        }

        var buffer = delivery.BufferFor(Options.MaxLineBytes + JournalLine.MaxHeaderLength);
        var length = JournalLine.Write(journal, time.LocalTimeZone, buffer);
        if (
            IsWanted(buffer.AsSpan(0, length))
            && !delivery.TryDeliver(
                this,
                place.Sequence,
                place.Number,
                delivery.NowUnixMilliseconds,
                length,
                buffer.AsSpan(0, length),
                truncated: false,
                JournalWriter.Of(journal).Judge()
            )
        )
            return false;

        Pass(index, place, journal);
        return true;
    }

    private void Pass(int index, JournalPlace place, Journal journal) =>
        _read[index] = _read[index] with { Offset = place.Number, FingerprintHash = journal.Realtime() };

    /// <summary>Takes up a sequence, and lets the oldest go when there are many.</summary>
    private int Begin(FilePosition position)
    {
        if (_read.Count == MaxSequences)
        {
            Positions.Finish(Key, _read[0].File, _read[0].Offset);
            _read.RemoveAt(0);
        }

        Positions.BeginAt(Key, position);
        _read.Add(position);
        return _read.Count - 1;
    }

    private void Open(JournaldSourceOptions wanted, string folders)
    {
        try
        {
            _journal = Journal.Open(wanted, out var error);
            if (_journal is null)
            {
                Fail(error);
                return;
            }
        }
        catch (Exception failure) when (failure is DllNotFoundException or EntryPointNotFoundException)
        {
            _isUnavailable = true;
            Positions.Know(Key);
            if (Enter(SourceState.Failed, "libsystemd.so.0 is missing or too old; install the package libsystemd0 and start again"))
                Log.NoLibrary(log);
            return;
        }

        (_openFolders, _hasPlace) = (folders, false);
        if (_read.Count == 0)
            _read.AddRange(Positions.Get(Key));
        if (Enter(SourceState.Reading))
            Log.Opened(log, folders);

        // The end is stored now, so that a kill before the first line loses nothing.
        if (!Positions.IsKnown(Key))
        {
            if (wanted.OnlyFutureEvents && _journal.Last() && _journal.TryGetPlace(out var last))
                Begin(new FilePosition(last.Sequence, last.Number, 0, _journal.Realtime()));
            else
                Positions.Know(Key);
        }
    }

    /// <summary>Goes to where reading stopped. What is found before that is recognised by its number and passed over.</summary>
    private void Resume(Journal journal)
    {
        _hasPlace = true;
        if (_read.Count == 0)
        {
            journal.SeekHead();
            return;
        }

        // Direct, if the journal is one sequence, which is the rule: nothing else can stand before the entry then.
        var place = new JournalPlace(_read[0].File, _read[0].Offset);
        if (
            _read.Count == 1
            && journal.Seek(place)
            && journal.Next() > 0
            && journal.TryGetPlace(out var found)
            && found.Sequence == place.Sequence
        )
        {
            journal.Seek(place);
            return;
        }

        journal.SeekRealtime(_read.Min(position => position.FingerprintHash));
    }

    private bool IsReadable(string folders)
    {
        try
        {
            foreach (
                var file in folders
                    .Split(' ')
                    .SelectMany(folder => Directory.EnumerateFiles(folder, "*.journal", SearchOption.AllDirectories))
                    .Take(1)
            )
                File.OpenHandle(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete).Dispose();
            return true;
        }
        catch (UnauthorizedAccessException)
        {
            Fail(Native.Libc.EACCES);
            return false;
        }
        catch (IOException)
        {
            return true; // rotated away in this moment; opening will tell
        }
    }

    private void Fail(int error)
    {
        var problem =
            error == Native.Libc.EACCES
                ? "no permission; add our user to the group systemd-journal"
                : $"{System.Runtime.InteropServices.Marshal.GetPInvokeErrorMessage(error)} (error {error})";
        if (Enter(SourceState.Failed, problem))
            Log.CannotRead(log, problem);
    }
}
