using Redoubt.Lab;

namespace Redoubt.Tests.EndToEnd;

/// <summary>A test that runs in a lab of its own; skipped with the reason where none can be made.</summary>
public abstract class LabTest : IAsyncLifetime
{
    protected LabNetwork Net { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        if (LabNetwork.WhyImpossible() is { } reason)
            Assert.Skip(reason);

        Net = await LabNetwork.CreateAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (Net is not null)
            await Net.DisposeAsync();

        GC.SuppressFinalize(this);
    }
}
