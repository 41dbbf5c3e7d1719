using Redoubt.Enforcer;
using Redoubt.Host;
using Redoubt.Respond;

// redoubt-enforcer: holds this host's firewall and runs its response programs for the agent; called by the name of a response it is that response.
// Exit codes: 0 ended as asked, 2 wrong usage, 3 cannot start.
if (ResponseCommands.IsResponse(args, out var response, out var responseHome))
    return await ResponseCommands.RespondAsync(response, responseHome);
if (args is ["install", ..])
    return ResponseCommands.Install(args[1..]);

if (!EnforcerArguments.TryRead(args, out var options, out var problem))
{
    (problem is null ? Console.Out : Console.Error).WriteLine(problem ?? EnforcerArguments.Usage + "\n" + ResponseCommands.Usage);
    return problem is null ? 0 : StartException.Usage;
}

// Its messages go to standard error alone: the program log's file belongs to processes without root.
using var logs = ProgramLog.CreateFactory("enforcer", path: null, TimeProvider.System);

using var notice = ServiceNotice.FromEnvironment();

// SIGHUP, a reload sent to all, changes nothing here: the enforcer holds no configuration.
using var shutdown = new Shutdown(reload: () =>
{
    notice.Reloading();
    notice.Running();
});
try
{
    await using var server = await EnforcerServer.StartAsync(options, logs.CreateLogger("enforcer"), TimeProvider.System);
    var knock = new SocketKnock(server.SocketPath);
    server.Accepted = knock.Pulse.Beat;
    notice.Ready("enforcer");
    var log = logs.CreateLogger("enforcer");
    await new Heartbeat(notice, [knock.Pulse], () => $"serves {server.SocketPath}", TimeProvider.System, log).RunAsync(shutdown.Token);
    notice.Stopping();
    return 0;
}
catch (EnforcerStartException e)
{
    Console.Error.WriteLine($"redoubt enforcer: {e.Message}");
    return StartException.Unreachable;
}
