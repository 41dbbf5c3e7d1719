using System.Runtime.InteropServices;

namespace Redoubt.App.Manager;

/// <summary>Tells of forged lines at most once in ten seconds a host: who forges could else fill the records with alerts.</summary>
/// <remarks>Memory: one entry a host. Threads: the analysis task.</remarks>
internal sealed class ForgedLineNotices
{
    private const long PauseMilliseconds = 10_000;

    private readonly Dictionary<string, (long At, long Untold)> _told = new(StringComparer.Ordinal);

    /// <summary>Counts a forged line of a host.</summary>
    /// <param name="agentId">The host.</param>
    /// <param name="now">Unix time in milliseconds.</param>
    /// <param name="untold">Forged lines of the host since the last one that was told.</param>
    /// <returns>Whether this one is to be told.</returns>
    internal bool TryTell(string agentId, long now, out long untold)
    {
        ref var told = ref CollectionsMarshal.GetValueRefOrAddDefault(_told, agentId, out var isKnown);
        untold = told.Untold;
        if (isKnown && now >= told.At && now - told.At < PauseMilliseconds)
        {
            told.Untold++;
            return false;
        }

        told = (now, 0);
        return true;
    }
}
