using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Redoubt.Store;

/// <summary>The manager's database: one SQLite file, one connection, one writer at a time.</summary>
/// <remarks>WAL with <c>synchronous=NORMAL</c>: a commit survives the death of every process; a power cut may cost the last 100 ms.
/// Threads: safe; calls are serialised on one lock. Cost: a small transaction takes about 0.1 ms.
/// Errors: <see cref="SqliteException"/> when the disk refuses.</remarks>
public sealed class Database : IDisposable
{
    // SQLITE_CORRUPT, SQLITE_NOTADB.
    private const int Corrupt = 11;
    private const int NotADatabase = 26;

    // SQLITE_BUSY, SQLITE_LOCKED, SQLITE_READONLY, SQLITE_IOERR, SQLITE_FULL, SQLITE_CANTOPEN.
    private const int Busy = 5;
    private const int Locked = 6;
    private const int ReadOnly = 8;
    private const int InputOutput = 10;
    private const int Full = 13;
    private const int CannotOpen = 14;

    private readonly IReadOnlyList<string> _steps;
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _prepared = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private SqliteTransaction? _transaction;

    /// <summary>Opens the file, or makes it (mode 0600), and brings its tables up to date.</summary>
    /// <exception cref="InvalidDataException">The file was written by a newer version, or is damaged; the message says what to do.</exception>
    public Database(string path)
        : this(path, Schema.Steps, "Restore it from a backup, or move it away to begin with an empty one; agents must then enrol again.")
    { }

    /// <summary>A database with other tables.</summary>
    /// <param name="path">The file.</param>
    /// <param name="steps">What each version adds to the one before it.</param>
    /// <param name="remedy">What to do when it is damaged.</param>
    internal Database(string path, IReadOnlyList<string> steps, string remedy)
    {
        _steps = steps;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (!File.Exists(path))
        {
            using var created = new FileStream(
                path,
                new FileStreamOptions
                {
                    Mode = FileMode.OpenOrCreate,
                    Access = FileAccess.ReadWrite,
                    UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
                }
            );
        }

        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        try
        {
            _connection.Open();
            RunScript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=5000; PRAGMA foreign_keys=ON;");
            Migrate(path);
        }
        catch (SqliteException e) when (IsDamage(e))
        {
            Dispose();
            throw new InvalidDataException($"The database {path} is damaged ({e.Message}). {remedy}", e);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Whether an error says that the disk refuses for now (full, failing, busy), and not that a statement is wrong.</summary>
    public static bool IsDiskProblem(Exception error) =>
        error is SqliteException { SqliteErrorCode: Busy or Locked or ReadOnly or InputOutput or Full or CannotOpen };

    /// <summary>Whether an error says that the file is damaged.</summary>
    public static bool IsDamage(Exception error) => error is SqliteException { SqliteErrorCode: Corrupt or NotADatabase };

    /// <summary>Lets the file grow no further, as on a full disk; null: as far as the disk goes. For tests.</summary>
    internal void LimitPages(long? pages)
    {
        lock (_lock)
            RunScript(FormattableString.Invariant($"PRAGMA max_page_count = {pages ?? uint.MaxValue - 1}"));
    }

    /// <summary>Runs the work as one transaction: all of it, or nothing when it throws.</summary>
    public T InTransaction<T>(Func<T> work)
    {
        lock (_lock)
        {
            if (_transaction is not null)
                return work();

            _transaction = _connection.BeginTransaction();
            try
            {
                var result = work();
                _transaction.Commit();
                return result;
            }
            catch
            {
                _transaction.Rollback();
                throw;
            }
            finally
            {
                _transaction.Dispose();
                _transaction = null;
            }
        }
    }

    /// <inheritdoc cref="InTransaction{T}(Func{T})"/>
    public void InTransaction(Action work) =>
        InTransaction(() =>
        {
            work();
            return 0;
        });

    /// <summary>Runs a statement; parameters are <c>@0</c>, <c>@1</c> … Returns the rows it changed.</summary>
    internal int Execute(string sql, params ReadOnlySpan<object?> values)
    {
        lock (_lock)
            return Prepare(sql, values).ExecuteNonQuery();
    }

    /// <summary>Reads rows.</summary>
    internal List<T> Query<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<object?> values)
    {
        lock (_lock)
        {
            using var reader = Prepare(sql, values).ExecuteReader();
            var rows = new List<T>();
            while (reader.Read())
                rows.Add(read(reader));

            return rows;
        }
    }

    /// <summary>Reads one whole number, 0 when there is none.</summary>
    internal long Number(string sql, params ReadOnlySpan<object?> values)
    {
        lock (_lock)
            return Prepare(sql, values).ExecuteScalar() is { } value and not DBNull
                ? Convert.ToInt64(value, CultureInfo.InvariantCulture)
                : 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var command in _prepared.Values)
                command.Dispose();

            _connection.Dispose();
        }
    }

    // Texts of statements are constants of this project, so the cache stays small.
    private SqliteCommand Prepare(string sql, ReadOnlySpan<object?> values)
    {
        if (!_prepared.TryGetValue(sql, out var command))
        {
            command = _connection.CreateCommand();
#pragma warning disable CA2100 // Only constants of this project come here; values are parameters.
            command.CommandText = sql;
#pragma warning restore CA2100
            for (var i = 0; i < values.Length; i++)
                command.Parameters.Add(new SqliteParameter("@" + i.ToString(CultureInfo.InvariantCulture), null));

            _prepared[sql] = command;
        }

        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i] ?? DBNull.Value;

        command.Transaction = _transaction;
        return command;
    }

    private void Migrate(string path)
    {
        var version = Number("PRAGMA user_version");
        if (version > _steps.Count)
            throw new InvalidDataException(
                $"The database {path} has version {version}; this program knows up to {_steps.Count}. Use the newer program."
            );

        for (var step = (int)version; step < _steps.Count; step++)
            InTransaction(() => RunScript(_steps[step]));
    }

    private void RunScript(string sql)
    {
        using var command = _connection.CreateCommand();
#pragma warning disable CA2100 // Constants of this project.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.Transaction = _transaction;
        command.ExecuteNonQuery();
    }
}
