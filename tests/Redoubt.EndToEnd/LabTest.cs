using Redoubt.Lab;

namespace Redoubt.Tests.EndToEnd;

/// <summary>A test that runs in a lab of its own; skipped with the reason where none can be made.</summary>
public abstract class LabTest : IAsyncLifetime
{
    /// <summary>Longest wait for something that takes milliseconds: the machine may be busy.</summary>
    protected static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private Deployment? _deployment;

    protected LabNetwork Net { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        if (LabNetwork.WhyImpossible() is { } reason)
            Assert.Skip(reason);

        Net = await LabNetwork.CreateAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_deployment is not null)
        {
            if (TestContext.Current.TestState?.Result == TestResult.Failed)
                TestContext.Current.TestOutputHelper?.WriteLine(_deployment.Said);

            await _deployment.DisposeAsync();
        }

        if (Net is not null)
            await Net.DisposeAsync();

        GC.SuppressFinalize(this);
    }

    /// <summary>Starts Redoubt in the lab; it ends with the test, and what it said is shown when the test fails.</summary>
    protected async Task<Deployment> DeployAsync(DeploymentOptions? options = null) =>
        _deployment = await Deployment.StartAsync(Net, options);

    /// <summary>Waits until the agent's kernel holds the address.</summary>
    protected Task<KernelBlock> WaitForKernelBlockAsync(System.Net.IPAddress address) =>
        Wait.ForAsync(() => Net.Agent.KernelBlockAsync(address), $"the kernel of 10.0.0.5 blocks {address}", Soon);

    /// <summary>Waits until the agent's kernel no longer holds the address.</summary>
    protected Task WaitForNoKernelBlockAsync(System.Net.IPAddress address, TimeSpan within) =>
        Wait.UntilAsync(
            async () => await Net.Agent.KernelBlockAsync(address) is null,
            $"the kernel of 10.0.0.5 no longer blocks {address}",
            within
        );

    /// <summary>Percent of echo requests from the attacker to the agent that get lost.</summary>
    protected async Task<double> LossAsync(bool ipv6 = false) =>
        (await Ping.SendAsync(Net.Attacker, ipv6 ? Net.Agent.IPv6 : Net.Agent.IPv4)).LossPercent;
}
