using Google.Protobuf;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Redoubt.Decide;
using Redoubt.Model;
using Redoubt.Record;
using Redoubt.Store;
using Redoubt.Transport.Protocol;

namespace Redoubt.App.Manager;

/// <summary>Takes an attack through the whole manager before the first real one comes.</summary>
/// <remarks>Code is compiled, and databases are opened, when they are first used: without this the first attacker after a start would be let in for some
/// hundred milliseconds more. Everything happens in a folder that is removed again; no agent hears of it.</remarks>
internal static class WarmUp
{
    // Code that ran thirty times is compiled once more, for speed: as many attacks, of eight lines each.
    private const int Lines = 40 * 8;

    internal static async Task RunAsync(ManagerState state, string stateFolder, TimeProvider time, ILogger log)
    {
        var folder = Path.Combine(stateFolder, "warm-up");
        try
        {
            Directory.CreateDirectory(folder);
            await AttackAsync(state, folder, time);
        }
        catch (Exception e) when (e is IOException or Microsoft.Data.Sqlite.SqliteException or UnauthorizedAccessException)
        {
            log.WarmUpFailed(e.Message);
        }
        finally
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task AttackAsync(ManagerState state, string folder, TimeProvider time)
    {
        using var database = new Database(Path.Combine(folder, "redoubt.db"));
        using var ending = new CancellationTokenSource();
        var agents = new AgentRegistry(database);
        var ledger = new BlockLedger(database);
        var logins = new LoginSources(database);
        var dispatcher = new Dispatcher(
            ledger,
            agents,
            new AgentSessions(),
            logins,
            new BlockBudget(state.Decide.Budget),
            () => new DecideOptions(),
            "warm-up",
            time,
            NullLogger.Instance
        );
        var records = new RecordStage(state.Records with { Folder = folder }, time.LocalTimeZone);
        var analysis = new Analysis(
            state.CreateEngine(time.LocalTimeZone, older: null),
            new EngineMemory(Path.Combine(folder, "windows.bin"), time, NullLogger.Instance),
            state.CreateDecider([]),
            records,
            new LineJournal(database),
            dispatcher,
            logins,
            time,
            NullLogger.Instance
        );
        var session = new AgentSession(new AgentIdentity("001", "warm-up", "192.0.2.1"), ["default"], ending);
        var working = analysis.RunAsync(ending.Token);
        for (var i = 0; i < Lines; i++)
            await analysis.AddAsync(new ReceivedBatch(session, Batch(i, time)), CancellationToken.None);

        for (var acknowledged = 0; acknowledged < Lines; acknowledged++)
            await Task.WhenAny(session.Outgoing.ReadAsync(CancellationToken.None).AsTask(), working);

        dispatcher.CatchUp(session, 0);
        _ = ledger.Current(time.GetUtcNow().ToUnixTimeMilliseconds());
        await ending.CancelAsync();
        await working;
    }

    private static LineBatch Batch(int number, TimeProvider time)
    {
        var text =
            $"Jan  1 00:00:00 warm-up sshd[{number + 1}]: Invalid user nobody from 192.0.2.{(number / 8) + 10} port {number + 40_000}";
        var source = new SourceLines
        {
            Source = "warm-up",
            File = "0:0:0",
            Location = "warm-up",
            Format = "syslog",
        };
        source.Lines.Add(
            new Line
            {
                End = (ulong)number + 1,
                Arrival = time.GetUtcNow().ToUnixTimeMilliseconds(),
                Text = ByteString.CopyFromUtf8(text),
            }
        );
        var batch = new LineBatch { Sequence = (ulong)number + 1 };
        batch.Sources.Add(source);
        return batch;
    }
}
