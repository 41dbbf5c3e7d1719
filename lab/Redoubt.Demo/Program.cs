using Redoubt.Demo;
using Redoubt.Lab;

const int held = 0;
const int broken = 1;
const int notRoot = 3;

if (!Environment.IsPrivilegedProcess)
{
    Console.Error.WriteLine("The demo makes virtual hosts (network and mount namespaces), which only root may: sudo ./demo");
    return notRoot;
}

if (LabNetwork.WhyImpossible() is { } reason)
{
    Console.Error.WriteLine(reason);
    return broken;
}

var narrator = new Narrator(Console.Out, coloured: !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("NO_COLOR") is null);
using var interrupted = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    // The first Ctrl-C takes the hosts down in order; the kernel does so in any case when this process ends.
    pressed.Cancel = !interrupted.IsCancellationRequested;
    interrupted.Cancel();
};

try
{
    await Story.TellAsync(narrator, interrupted.Token);
    narrator.End(allHeld: true);
    return held;
}
catch (OperationCanceledException)
{
    narrator.Failed("Interrupted; the virtual hosts are gone.");
}
catch (Exception exception) when (exception is StepFailedException or TimeoutException or InvalidOperationException or IOException)
{
    narrator.Failed(exception.Message);
}

narrator.End(allHeld: false);
return broken;
