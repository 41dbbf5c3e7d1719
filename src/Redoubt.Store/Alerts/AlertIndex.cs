namespace Redoubt.Store;

/// <summary>An index of the alerts on record, for search: made from the records behind the analysis, and made again from them when it is lost.</summary>
/// <remarks>
/// A database of its own, so that nothing here makes the ledger wait. Records come with the place where they stand, and how far a day was
/// read is stored in the same transaction: each record stands here once. Threads: safe; calls are serialised, so a search waits for a
/// batch and the other way round. Cost: about 20 µs a record; a search by rule, source or time reads what it gives, any other what the time span holds.
/// Errors: <see cref="Microsoft.Data.Sqlite.SqliteException"/>; <see cref="Database.IsDiskProblem"/> and <see cref="Database.IsDamage"/> tell which.
/// </remarks>
public sealed class AlertIndex : IDisposable
{
    private const int PlaceBits = 40;

    private readonly Database _database;
    private readonly Dictionary<DateOnly, IndexedDay> _days = [];
    private readonly Lock _lock = new();

    /// <summary>Opens the file, or makes it.</summary>
    /// <exception cref="InvalidDataException">It is damaged or of another version.</exception>
    public AlertIndex(string path)
    {
        _database = new Database(path, AlertSchema.Steps, "Delete it: it is made again from the records.");
        foreach (
            var (day, state) in _database.Query(
                "SELECT day, ends, whole FROM day",
                r => (r.GetInt32(0), new IndexedDay(r.GetInt64(1), r.GetBoolean(2)))
            )
        )
            _days[DateOnly.FromDayNumber(day)] = state;
    }

    /// <summary>Lines that were no alerts since the start.</summary>
    public long Unreadable { get; private set; }

    /// <summary>Bytes that are in use; the file is not larger than this ever was.</summary>
    public long Bytes =>
        (_database.Number("PRAGMA page_count") - _database.Number("PRAGMA freelist_count")) * _database.Number("PRAGMA page_size");

    /// <summary>Days that are in the index, in part or whole.</summary>
    public IReadOnlyList<DateOnly> Days
    {
        get
        {
            lock (_lock)
                return [.. _days.Keys.Order()];
        }
    }

    /// <summary>How far a day is in the index.</summary>
    public IndexedDay StateOf(DateOnly day)
    {
        lock (_lock)
            return _days.GetValueOrDefault(day);
    }

    /// <summary>Adds records of a day.</summary>
    /// <param name="day">Whose file they stand in.</param>
    /// <param name="records">Each with the place where it begins.</param>
    /// <param name="state">How far the day is in the index then.</param>
    public void Add(DateOnly day, IReadOnlyList<(long Start, byte[] Line)> records, IndexedDay state)
    {
        lock (_lock)
        {
            _database.InTransaction(() =>
            {
                foreach (var (start, line) in records)
                    Add(Number(day, start), line);

                _database.Execute("INSERT OR REPLACE INTO day VALUES (@0, @1, @2)", day.DayNumber, state.End, state.IsWhole);
            });
            _days[day] = state;
        }
    }

    /// <summary>Takes a day out: its records are gone, or are to be read again.</summary>
    public void Forget(DateOnly day)
    {
        lock (_lock)
        {
            _database.InTransaction(() =>
            {
                Remove(Number(day, 0), Number(day.AddDays(1), 0));
                _database.Execute("DELETE FROM day WHERE day = @0", day.DayNumber);
            });
            _days.Remove(day);
        }
    }

    /// <summary>The first day that has room within a size, as far as is known: <see cref="Shrink"/> moves it, another size forgets it.</summary>
    public DateOnly FirstDayWithin(long bytes)
    {
        _database.Execute("UPDATE bound SET bytes = @0, first_day = 0 WHERE bytes <> @0", bytes);
        return DateOnly.FromDayNumber((int)_database.Number("SELECT first_day FROM bound"));
    }

    /// <summary>Removes the oldest day, or of a single day the older half.</summary>
    public void Shrink()
    {
        lock (_lock)
        {
            if (_days.Count == 0)
                return;

            var oldest = _days.Keys.Min();
            if (_days.Count > 1)
            {
                Forget(oldest);
                _database.Execute("UPDATE bound SET first_day = @0", oldest.DayNumber + 1);
                return;
            }

            var first = _database.Number("SELECT min(n) FROM alert");
            _database.InTransaction(() => Remove(first, first + ((_database.Number("SELECT max(n) FROM alert") - first) / 2)));
        }
    }

    /// <summary>The newest alerts that a filter lets through, newest first, as they stand in <c>alerts.json</c>.</summary>
    public IReadOnlyList<byte[]> Search(AlertFilter filter)
    {
        var query = new AlertQuery(filter);
        return _database.Query(query.Sql, r => r.GetFieldValue<byte[]>(0), query.Values);
    }

    /// <inheritdoc/>
    public void Dispose() => _database.Dispose();

    private static long Number(DateOnly day, long place) => ((long)day.DayNumber << PlaceBits) | Math.Min(place, (1L << PlaceBits) - 1);

    private void Remove(long first, long end)
    {
        _database.Execute("DELETE FROM alert WHERE n >= @0 AND n < @1", first, end);
        _database.Execute("DELETE FROM record WHERE n >= @0 AND n < @1", first, end);
    }

    private void Add(long number, byte[] record)
    {
        if (AlertRow.Of(record) is not { } row)
        {
            Unreadable++;
            return;
        }

        _database.Execute(
            "INSERT OR REPLACE INTO alert VALUES (@0, @1, @2, @3, @4, @5, @6, @7, @8, @9, @10, @11)",
            number,
            row.At,
            row.Id,
            row.Rule,
            row.Level,
            row.Groups,
            row.Agent,
            row.AgentName,
            SourceKey.Of(row.Source),
            row.SourceUser,
            row.TargetUser,
            row.Text
        );
        _database.Execute("INSERT OR REPLACE INTO record VALUES (@0, @1)", number, record);
    }
}
