namespace Redoubt.Respond.Scripts;

/// <summary>Which responses are in force on this host: the keys that programs named, and the targets that hold them.</summary>
/// <remarks>
/// A response that is asked for while its key is held is told to abort; one that ends while another target still holds its key is not undone.
/// Lives as long as the enforcer; after a restart the agent tells what is in force (<see cref="EnforceVerb.Hold"/>). Threads: safe.
/// Source: active-response.md 2.5 to 2.7.
/// </remarks>
internal sealed class ActiveKeys
{
    internal const int MaxKeyCharacters = 4095;

    private readonly Lock gate = new();
    private readonly Dictionary<string, HashSet<string>> holdersOf = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> keysOf = new(StringComparer.Ordinal);

    /// <summary>The key of a program's own answer, or of its target where it names none.</summary>
    internal static string Of(string program, IEnumerable<string> keys)
    {
        var key = string.Join('-', keys.Prepend(program[(program.LastIndexOf('/') + 1)..]));
        return key.Length <= MaxKeyCharacters ? key : key[..MaxKeyCharacters];
    }

    /// <summary>Takes a key for a target.</summary>
    /// <returns>False when it was held already; then this target holds it as well.</returns>
    internal bool Take(string key, string holder)
    {
        lock (gate)
        {
            var isNew = !holdersOf.ContainsKey(key);
            Set(holdersOf, key).Add(holder);
            Set(keysOf, holder).Add(key);
            return isNew;
        }
    }

    /// <summary>Whether a target holds a key.</summary>
    internal bool Holds(string key, string holder)
    {
        lock (gate)
            return holdersOf.TryGetValue(key, out var holders) && holders.Contains(holder);
    }

    /// <summary>Gives all keys of a target back.</summary>
    /// <returns>Whether another target still holds one of them: what it stands for is still wanted.</returns>
    internal bool Release(string holder)
    {
        lock (gate)
        {
            var isStillWanted = false;
            if (!keysOf.Remove(holder, out var keys))
                return false;

            foreach (var key in keys)
            {
                var holders = holdersOf[key];
                holders.Remove(holder);
                isStillWanted |= holders.Count > 0;
                if (holders.Count == 0)
                    holdersOf.Remove(key);
            }

            return isStillWanted;
        }
    }

    private static HashSet<string> Set(Dictionary<string, HashSet<string>> of, string name)
    {
        if (!of.TryGetValue(name, out var set))
            of[name] = set = new HashSet<string>(StringComparer.Ordinal);
        return set;
    }
}
