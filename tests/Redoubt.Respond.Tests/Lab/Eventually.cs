namespace Redoubt.Tests.Respond.Lab;

/// <summary>Waits for something that the kernel does in its own time.</summary>
internal static class Eventually
{
    /// <summary>Asks again every 10 ms, for 20 s at most.</summary>
    internal static async Task<bool> HoldsAsync(Func<Task<bool>> condition)
    {
        for (var i = 0; i < 2000; i++)
        {
            if (await condition())
                return true;

            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        return false;
    }
}
