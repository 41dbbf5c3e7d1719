using Redoubt.Transport.Protocol;

namespace Redoubt.Agent.Blocks;

/// <summary>Takes what the manager must learn about blocks.</summary>
internal interface IBlockReports
{
    /// <summary>Sends now when connected; otherwise the state is told after the next connection.</summary>
    void Report(BlockReport report);
}
