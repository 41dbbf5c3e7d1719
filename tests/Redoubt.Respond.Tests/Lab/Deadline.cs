namespace Redoubt.Tests.Respond.Lab;

/// <summary>Ends a test that waits for an answer that never comes.</summary>
internal static class Deadline
{
    /// <summary>Cancelled a minute from now, or with the test.</summary>
    internal static CancellationToken Token
    {
        get
        {
            var source = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            source.CancelAfter(TimeSpan.FromMinutes(1));
            return source.Token;
        }
    }
}
