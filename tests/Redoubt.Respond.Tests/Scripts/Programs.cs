using Microsoft.Extensions.Logging.Abstractions;
using Redoubt.Model;
using Redoubt.Respond;
using Redoubt.Respond.NeverBlock;
using Redoubt.Respond.Scripts;
using Redoubt.Tests.Respond.Lab;

namespace Redoubt.Tests.Respond.Scripts;

/// <summary>A home with response programs, and the part of the enforcer that runs them.</summary>
internal sealed class Programs : IAsyncDisposable
{
    /// <summary>An alert as the manager sends it.</summary>
    internal const string Alert =
        """{"timestamp":"2026-11-24T10:15:30.123+0000","rule":{"level":10,"description":"SSH brute force, unknown users","id":"5712"},"agent":{"id":"001","name":"web01","ip":"10.0.0.5"},"manager":{"name":"mgr"},"id":"1795515330.10452","full_log":"Nov 24 10:15:29 web01 sshd[811]: Invalid user oracle from 10.0.0.6 port 40112","data":{"srcip":"10.0.0.6","srcuser":"oracle"},"location":"/var/log/auth.log"}""";

    private readonly Home home = new();
    private readonly NeverBlockSet neverBlock = new(new HostFiles(), TimeProvider.System);
    private readonly ScriptResponder responder;

    internal Programs(ScriptLimits? limits = null, params IEnumerable<IStockResponse> stock)
    {
        Directory.CreateDirectory(Bin);
        responder = new ScriptResponder(
            Home,
            neverBlock,
            new ResponseLogFile(Home, TimeProvider.System),
            stock,
            NullLogger.Instance,
            limits
        );
    }

    internal string Home => home.Path;

    internal string Bin => Path.Join(home.Path, "active-response", "bin");

    internal string[] LogLines => home.LogLines();

    /// <summary>Puts a program there.</summary>
    internal void Put(string name, string text, UnixFileMode mode = (UnixFileMode)0b111_101_000)
    {
        var path = Path.Join(Bin, name);
        File.WriteAllText(path, text.ReplaceLineEndings("\n"));
        File.SetUnixFileMode(path, mode);
    }

    /// <summary>What a program has left in a file of the home.</summary>
    internal string Text(string name) => File.ReadAllText(Path.Join(Home, name));

    internal bool Has(string name) => File.Exists(Path.Join(Home, name));

    internal Task<EnforceReply> RunAsync(
        string program,
        string? target = "10.0.0.6",
        long milliseconds = 1_800_000,
        Func<EnforceRequest, EnforceRequest>? with = null
    ) => SendAsync(EnforceVerb.Run, program, target, milliseconds, with);

    internal Task<EnforceReply> UndoAsync(string program, string? target = "10.0.0.6", Func<EnforceRequest, EnforceRequest>? with = null) =>
        SendAsync(EnforceVerb.Undo, program, target, 0, with);

    /// <summary>Sends a request through the reader that checks it, as it would come over the socket.</summary>
    internal Task<EnforceReply> SendAsync(
        EnforceVerb verb,
        string program,
        string? target,
        long milliseconds,
        Func<EnforceRequest, EnforceRequest>? with = null
    )
    {
        var request = new EnforceRequest
        {
            Id = 1,
            Verb = verb,
            Response = program,
            Target = target,
            DurationMilliseconds = milliseconds,
            AlertDocument = Alert,
            AlertId = "1795515330.10452",
            RuleId = 5712,
            OriginName = "node01",
        };
        var line = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(
            with?.Invoke(request) ?? request,
            EnforceJson.Default.EnforceRequest
        );
        Assert.True(RequestReader.TryRead(line, out var order, out _, out var problem), problem);
        return responder.AnswerAsync(order!).WaitAsync(Deadline.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await responder.DisposeAsync();
        neverBlock.Dispose();
        home.Dispose();
    }
}
