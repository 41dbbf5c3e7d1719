using System.Runtime.InteropServices;
using Redoubt.Enforcer;
using Redoubt.Respond;

// Exit codes: 0 ended as asked, 2 wrong usage, 3 cannot start.
if (!EnforcerArguments.TryRead(args, out var options, out var problem))
{
    (problem is null ? Console.Out : Console.Error).WriteLine(problem ?? EnforcerArguments.Usage);
    return problem is null ? 0 : 2;
}

var logger = new StandardErrorLogger(TimeProvider.System);
var ended = new TaskCompletionSource();
using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);

// A terminal that goes away, or a reload sent to all, must not take the firewall's keeper with it.
using var onHangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal => signal.Cancel = true);

try
{
    await using var server = await EnforcerServer.StartAsync(options, logger, TimeProvider.System);
    Console.Out.WriteLine("ready enforcer");
    Console.Out.Flush();
    ServiceManager.TellReady();
    await ended.Task;
    return 0;
}
catch (EnforcerStartException e)
{
    Console.Error.WriteLine($"redoubt-enforcer: {e.Message}");
    return 3;
}

void End(PosixSignalContext signal)
{
    signal.Cancel = true;
    ended.TrySetResult();
}
