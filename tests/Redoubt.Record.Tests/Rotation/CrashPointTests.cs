using System.Globalization;
using Redoubt.Record;

namespace Redoubt.Tests.Record.Rotation;

/// <summary>Days go by, and the process dies at any point of writing, closing and putting away.</summary>
public class CrashPointTests
{
    [Fact]
    public void Whatever_the_crash_interrupts_each_record_stands_in_one_file_once()
    {
        foreach (var seed in Enumerable.Range(1, 60))
        {
            using var life = new Life(seed);
            for (var i = 0; i < 60; i++)
                life.GoOn();

            life.PutAllAway();
            Assert.True(life.Recorded.SequenceEqual(life.Added), $"seed {seed}: {life.Difference}");
        }
    }

    private sealed class Life(int seed) : IDisposable
    {
#pragma warning disable CA5394 // The test wants the same numbers for the same seed.
        private readonly Random _random = new(seed);
        private readonly LogsBox _box = new(o => o with { AlertsLog = false, LogAll = false, LogAllJson = false });
        private readonly List<string> _added = [];
        private int _hours;

        // What the redo log of the manager holds: the last batch, until the next one or until it is confirmed.
        private IReadOnlyList<RecordAppend> _redo = [];

        internal IEnumerable<string> Added => _added.Order(StringComparer.Ordinal);

        internal IEnumerable<string> Recorded =>
            DayFile
                .Under(_box.PathOf("."))
                .SelectMany(d => RecordedDays.LinesIn(File.Exists(d.Path) ? d.Path : d.Compressed))
                .Order(StringComparer.Ordinal);

        internal string Difference => $"missing {string.Join(',', Added.Except(Recorded))}; {Recorded.Count()} of {_added.Count}";

        internal void GoOn()
        {
            switch (_random.Next(5))
            {
                case 0:
                    // Hours go by; now and then the clock goes back by days.
                    _hours = _random.Next(24 * 6);
                    break;
                case 1:
                    PutAway(crashAfter: _random.Next(6));
                    break;
                default:
                    Batch();
                    break;
            }
        }

        internal void PutAllAway()
        {
            Restart();
            _redo = [];
            var days = DayFile.Under(_box.PathOf("."));
            _box.Stage.Close(days);
            foreach (var day in days)
                DayArchive.Store(day);
        }

        private void Batch()
        {
            for (var n = _random.Next(1, 4); n > 0; n--)
            {
                var line = _added.Count.ToString(CultureInfo.InvariantCulture);
                // Lines that waited at a host carry their old arrival.
                _box.Add(line, _box.Now + ((_hours - (_random.Next(3) * 20)) * 3_600_000L));
                _added.Add(line);
            }

            _redo = _box.Stage.Take();
            if (_random.Next(4) > 0)
            {
                _box.Stage.Write(_redo);
                return;
            }

            // The crash comes after any byte of any file.
            foreach (var append in _redo.Take(_random.Next(_redo.Count + 1)))
                _box.Stage.Write([append with { Bytes = append.Bytes[.._random.Next(append.Bytes.Length + 1)] }]);

            Restart();
        }

        private void PutAway(int crashAfter)
        {
            var days = DayFile.Under(_box.PathOf(".")).Where(d => File.Exists(d.Path) || File.Exists(d.Unfinished)).ToArray();
            if (days.Length == 0)
                return;

            var day = days[_random.Next(days.Length)];
            _redo = [];
            _box.Stage.Close([day]);
            foreach (var _ in DayArchive.Steps(day).Take(crashAfter)) { }

            // Half written when it died.
            if (File.Exists(day.Unfinished) && _random.Next(2) == 0)
                File.WriteAllBytes(day.Unfinished, File.ReadAllBytes(day.Unfinished)[..^(int)(new FileInfo(day.Unfinished).Length / 2)]);

            if (_random.Next(2) == 0)
                Restart();
        }

        private void Restart()
        {
            _box.Restart();
            _box.Stage.Write(_redo);
        }

        public void Dispose() => _box.Dispose();
#pragma warning restore CA5394
    }
}
