using Redoubt.Lab;
using Redoubt.Respond;

namespace Redoubt.Tests.EndToEnd.BackEnds;

/// <summary>The enforcer alone, on the agent's host of a lab, with a client connected.</summary>
internal sealed class LabEnforcer : IAsyncDisposable
{
    private readonly LabProcess _process;
    private readonly EnforcerClient _client;
    private readonly string _response;

    private LabEnforcer(LabProcess process, EnforcerClient client, string response) =>
        (_process, _client, _response) = (process, client, response);

    /// <summary>Everything it said.</summary>
    internal string Said => _process.Said;

    /// <summary>Starts it.</summary>
    /// <param name="net">The lab.</param>
    /// <param name="response">Name of the response that every request of this client is about.</param>
    /// <param name="options">Further words of its command line.</param>
    internal static async Task<LabEnforcer> StartAsync(LabNetwork net, string response, params string[] options)
    {
        var home = Path.Combine(net.Folder, "E");
        Directory.CreateDirectory(Path.Combine(home, "queue"));
        var process = net.Agent.Start(Checkout.Redoubt, ["enforcer", "--home", home, .. options]);
        await process.WaitForLineAsync("ready enforcer", TimeSpan.FromSeconds(30));
        var client = await EnforcerClient.ConnectAsync(Path.Combine(home, "var/run/enforcer.sock"), CancellationToken.None);
        return new LabEnforcer(process, client, response);
    }

    internal async Task<EnforceReply> SendAsync(EnforceRequest request)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        return await _client.SendAsync(request with { Response = _response }, deadline.Token);
    }

    internal Task<EnforceReply> BlockAsync(object target, TimeSpan time) =>
        SendAsync(
            new EnforceRequest
            {
                Verb = EnforceVerb.Block,
                Target = target.ToString(),
                DurationMilliseconds = (long)time.TotalMilliseconds,
            }
        );

    internal Task<EnforceReply> ReleaseAsync(object target) =>
        SendAsync(new EnforceRequest { Verb = EnforceVerb.Release, Target = target.ToString() });

    internal async Task<long> RemainingAsync(object target) =>
        (await SendAsync(new EnforceRequest { Verb = EnforceVerb.Read, Target = target.ToString() })).RemainingMilliseconds;

    internal Task<EnforceReply> NextIncidentAsync(long after = 0) =>
        SendAsync(new EnforceRequest { Verb = EnforceVerb.Watch, After = after });

    /// <summary>kill -9.</summary>
    internal Task KillAsync() => _process.KillAsync();

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _process.DisposeAsync();
    }
}
