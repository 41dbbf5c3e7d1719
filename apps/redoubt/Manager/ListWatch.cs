namespace Redoubt.App.Manager;

/// <summary>Notices changes of the CDB lists' files, so that a list is in force as soon as it is written.</summary>
/// <remarks>
/// Looks at size and time of each file once a second; a change counts when the file has been the same for two looks, so that one that is
/// still being written is not read by half. Threads: one task.
/// </remarks>
/// <param name="files">The files of the lists in force; may change with each reload.</param>
/// <param name="reload">Called after a change.</param>
internal sealed class ListWatch(Func<IReadOnlyList<string>> files, Func<Task> reload, TimeProvider time)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    private Dictionary<string, (long Length, DateTime Written)> _inForce = [];
    private Dictionary<string, (long Length, DateTime Written)> _last = [];

    /// <summary>Looks until cancelled.</summary>
    internal async Task RunAsync(CancellationToken stopping)
    {
        _last = _inForce = Look();
        using var timer = new PeriodicTimer(LookEvery, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping))
            {
                var now = Look();
                var isQuiet = IsSame(now, _last);
                _last = now;
                if (!isQuiet || IsSame(now, _inForce))
                    continue;

                _inForce = now;
                await reload();
            }
        }
        catch (OperationCanceledException)
        {
            // The manager ends.
        }
    }

    private Dictionary<string, (long Length, DateTime Written)> Look() =>
        files()
            .Select(f => new FileInfo(f))
            .Where(f => f.Exists)
            .ToDictionary(f => f.FullName, f => (f.Length, f.LastWriteTimeUtc), StringComparer.Ordinal);

    private static bool IsSame(
        Dictionary<string, (long Length, DateTime Written)> one,
        Dictionary<string, (long Length, DateTime Written)> other
    ) => one.Count == other.Count && one.All(f => other.TryGetValue(f.Key, out var its) && its == f.Value);
}
