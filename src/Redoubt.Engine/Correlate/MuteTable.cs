namespace Redoubt.Engine.Correlate;

/// <summary>Until when which rule is quiet, by key (attribute <c>ignore</c>).</summary>
/// <remarks>Bounded: entries that are over go first; if that frees nothing all are dropped, so that an attacker who fills the
/// table causes alerts rather than silence. Threads: not safe.</remarks>
internal sealed class MuteTable
{
    private readonly Dictionary<WindowKey, long> _until = [];
    private readonly int _maxKeys;
    private int _purgeAt = 1_024;

    public MuteTable(int maxKeys) => _maxKeys = maxKeys;

    /// <summary>Mutes that were dropped early.</summary>
    public long Evictions { get; private set; }

    /// <summary>Whether the key is quiet now; if not, it is from now on.</summary>
    /// <param name="key">Rule and values.</param>
    /// <param name="now">Arrival, Unix seconds.</param>
    /// <param name="seconds">How long the rule stays quiet.</param>
    public bool IsMutedOrMute(WindowKey key, long now, int seconds)
    {
        if (_until.TryGetValue(key, out var until) && now < until)
            return true;

        if (_until.Count >= _purgeAt)
            Purge(now);

        _until[key] = now + seconds;
        return false;
    }

    public IEnumerable<KeyValuePair<WindowKey, long>> All() => _until;

    public void Restore(WindowKey key, long until) => _until[key] = until;

    private void Purge(long now)
    {
        foreach (var (key, until) in _until)
        {
            if (until <= now)
                _until.Remove(key);
        }

        if (_until.Count >= _maxKeys)
        {
            Evictions += _until.Count;
            _until.Clear();
        }

        _purgeAt = Math.Min(_maxKeys, Math.Max(1_024, _until.Count * 2));
    }
}
