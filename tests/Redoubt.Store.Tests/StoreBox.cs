using Redoubt.Store;

namespace Redoubt.Tests.Store;

/// <summary>A temporary database that can be closed and opened again as after a restart.</summary>
internal sealed class StoreBox : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rdt-store-");
    private Database _database;

    internal StoreBox() => _database = new Database(File);

    internal string File => Path.Combine(_folder.FullName, "queue", "redoubt.db");

    internal Database Database => _database;

    internal BlockLedger Ledger => new(_database);

    internal AllowedEntries Allowed => new(_database);

    internal AgentRegistry Agents => new(_database);

    internal LineJournal Journal => new(_database);

    internal void Reopen()
    {
        _database.Dispose();
        _database = new Database(File);
    }

    public void Dispose()
    {
        _database.Dispose();
        _folder.Delete(recursive: true);
    }
}
