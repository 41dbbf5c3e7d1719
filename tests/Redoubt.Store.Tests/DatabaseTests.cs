using Microsoft.Data.Sqlite;
using Redoubt.Store;

namespace Redoubt.Tests.Store;

public class DatabaseTests
{
    [Fact]
    public void The_file_is_for_its_user_alone()
    {
        using var box = new StoreBox();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(box.File));
    }

    [Fact]
    public void Opening_it_again_keeps_what_is_there()
    {
        using var box = new StoreBox();
        box.Agents.EnsureManagerHost("keep", 1);

        box.Reopen();

        Assert.Equal("keep", Assert.Single(box.Agents.All()).Name);
    }

    [Fact]
    public void Work_that_throws_leaves_nothing_behind()
    {
        using var box = new StoreBox();

        Assert.Throws<InvalidOperationException>(() =>
            box.Database.InTransaction(() =>
            {
                box.Agents.EnsureManagerHost("keep", 1);
                throw new InvalidOperationException();
            })
        );

        Assert.Empty(box.Agents.All());
        Assert.Equal("000", box.Agents.EnsureManagerHost("keep", 1).Id);
    }

    [Fact]
    public void A_newer_database_is_refused_with_both_versions()
    {
        using var box = new StoreBox();
        Change(box, "PRAGMA user_version = 99");

        var problem = Assert.Throws<InvalidDataException>(() => new Database(box.File)).Message;

        Assert.Contains("version 99", problem);
        Assert.Contains(box.File, problem);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    public void A_damaged_database_is_refused_with_what_to_do(int at)
    {
        using var box = new StoreBox();
        box.Agents.EnsureManagerHost("keep", 1);
        Change(box, "PRAGMA wal_checkpoint(TRUNCATE)");
        using (var file = new FileStream(box.File, FileMode.Open, FileAccess.Write))
        {
            file.Position = at;
            file.Write([.. Enumerable.Repeat((byte)0xEE, 2000)]);
        }

        var problem = Assert.Throws<InvalidDataException>(() => new Database(box.File)).Message;

        Assert.Contains($"{box.File} is damaged", problem);
        Assert.Contains("backup", problem);
    }

    [Fact]
    public void A_file_that_is_no_database_is_refused_and_left_as_it_is()
    {
        var folder = Directory.CreateTempSubdirectory("rdt-store-");
        try
        {
            var path = Path.Combine(folder.FullName, "redoubt.db");
            var text = string.Concat(Enumerable.Repeat("no database at all\n", 100));
            File.WriteAllText(path, text);

            Assert.Throws<InvalidDataException>(() => new Database(path));
            Assert.Equal(text, File.ReadAllText(path));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // Closes the box's own connection first: the next one that opens the file is the one under test.
    private static void Change(StoreBox box, string sql)
    {
        box.Database.Dispose();
        using var connection = new SqliteConnection($"Data Source={box.File};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
