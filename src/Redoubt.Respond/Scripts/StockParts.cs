namespace Redoubt.Respond.Scripts;

/// <summary>The responses of our own that are no matter of the firewall.</summary>
internal static class StockParts
{
    /// <summary>All of them.</summary>
    internal static IEnumerable<IStockResponse> All(EnforcerOptions options) =>
        [
            new CustomBlock(options.CustomBlocks),
            new DisableAccount(options.Home, options.Files),
            new KillSession(options.Files),
            new RestartAgent(options.Home),
            new SlackNotice(),
        ];
}
