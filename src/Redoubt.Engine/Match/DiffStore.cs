using System.Text;
using Redoubt.Engine.Decode;

namespace Redoubt.Engine.Match;

/// <summary>The last log of each <c>check_diff</c> rule and host.</summary>
/// <remarks>Bounded in number and size; allocates when a text changes. Threads: not safe. Source: rule-engine.md 4.6.</remarks>
internal sealed class DiffStore
{
    private const int MaxLogBytes = 65_536;
    private const int MaxEntries = 100_000;

    private readonly Dictionary<(int Rule, string Host), byte[]> _last = [];

    /// <summary>The text that the last successful <see cref="IsDifferent"/> replaced, or null.</summary>
    public byte[]? Replaced { get; private set; }

    /// <summary>A new event begins.</summary>
    public void Clear() => Replaced = null;

    /// <summary>Whether the event's log differs from the remembered one, which it replaces. The first one is remembered only.</summary>
    public bool IsDifferent(int ruleId, DecodedEvent e)
    {
        if (e.Log.Length >= MaxLogBytes)
            return false;

        var key = (ruleId, Encoding.UTF8.GetString(e.Hostname));
        if (!_last.TryGetValue(key, out var last))
        {
            if (_last.Count >= MaxEntries)
                _last.Clear();

            _last.Add(key, e.Log.ToArray());
            return false;
        }

        if (e.Log.SequenceEqual(last))
            return false;

        _last[key] = e.Log.ToArray();
        Replaced = last;
        return true;
    }

    public IEnumerable<KeyValuePair<(int Rule, string Host), byte[]>> All() => _last;

    public void Restore(int rule, string host, byte[] log) => _last[(rule, host)] = log;
}
