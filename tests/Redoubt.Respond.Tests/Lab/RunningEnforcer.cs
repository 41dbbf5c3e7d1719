using Redoubt.Respond;

namespace Redoubt.Tests.Respond.Lab;

/// <summary>One enforcer on the protected host of a network, with a client connected, for all tests of a class.</summary>
public sealed class RunningEnforcer : IAsyncLifetime
{
    private EnforcerProcess? process;
    private EnforcerClient? client;
    private Home? home;

    internal Network Network { get; } = new();

    internal Home Home => home ?? throw Skipped();

    /// <summary>The client; skips the test where there can be no enforcer.</summary>
    internal EnforcerClient Client => client ?? throw Skipped();

    internal EnforcerProcess Process => process ?? throw Skipped();

    public async ValueTask InitializeAsync()
    {
        // The tests themselves skip with the reason.
        if (!Environment.IsPrivilegedProcess || Tool.Find("ip") is null || Tool.Find("nft") is null)
            return;

        home = new Home();
        process = await EnforcerProcess.StartAsync(Network.Host, home.Path);
        client = await EnforcerClient.ConnectAsync(home.SocketPath, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        if (client is not null)
            await client.DisposeAsync();
        if (process is not null)
            await process.DisposeAsync();
        home?.Dispose();
        Network.Dispose();
    }

    internal Task<EnforceReply> SendAsync(EnforceRequest request) => Client.SendAsync(request, Deadline.Token);

    internal Task<EnforceReply> BlockAsync(string target, long milliseconds = 60_000) =>
        SendAsync(
            new EnforceRequest
            {
                Verb = EnforceVerb.Block,
                Target = target,
                DurationMilliseconds = milliseconds,
            }
        );

    internal Task<EnforceReply> ReadAsync(string target) => SendAsync(new EnforceRequest { Verb = EnforceVerb.Read, Target = target });

    internal Task<EnforceReply> ReleaseAsync(string target) =>
        SendAsync(new EnforceRequest { Verb = EnforceVerb.Release, Target = target });

    private static InvalidOperationException Skipped()
    {
        Namespace.Need();
        return new InvalidOperationException("the enforcer was not started");
    }
}
