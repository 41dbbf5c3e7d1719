using System.Net;
using System.Text;
using Redoubt.Model;
using Redoubt.Patterns;

namespace Redoubt.Decide;

/// <summary>Addresses, prefixes and names that must never be blocked: the <c>white_list</c> of the configuration.</summary>
/// <remarks>
/// IPv4 and IPv6 alike, canonical on both sides (<c>::ffff:10.0.0.6</c> is 10.0.0.6). Text entries are OS_Match patterns
/// on the source text. Immutable; threads: safe. Cost: linear in the entries.
/// Source: active-response.md 1.8, with its [D] rows.
/// </remarks>
public sealed class Allowlist
{
    private readonly IReadOnlyList<AllowlistEntry> _entries;

    /// <summary>Makes a list of entries that were read before.</summary>
    public Allowlist(IReadOnlyList<AllowlistEntry> entries) => _entries = entries;

    /// <summary>Nothing is protected.</summary>
    public static Allowlist Empty { get; } = new([]);

    /// <summary>The entries as text, in order: addresses, prefixes, patterns.</summary>
    public IEnumerable<string> Entries => _entries.Select(e => e.Text);

    /// <summary>The host names among the entries.</summary>
    public IEnumerable<string> HostNames => _entries.Select(e => e.HostName).OfType<string>();

    /// <summary>What is protected as prefixes, for hosts that check once more; without what an exception takes out.</summary>
    public IEnumerable<BlockTarget> Networks
    {
        get
        {
            var exceptions = _entries.Where(e => e.IsException).ToArray();
            return _entries
                .Where(e => !e.IsException)
                .SelectMany(e => e.Networks)
                .Select(n => BlockTarget.TryParse(n.ToString(), out var target) ? target : (BlockTarget?)null)
                .OfType<BlockTarget>()
                .Where(t => !Array.Exists(exceptions, e => e.Overlaps(t)));
        }
    }

    /// <summary>This list and further entries.</summary>
    public Allowlist With(IEnumerable<AllowlistEntry> more) => new([.. _entries, .. more]);

    /// <summary>The entry that protects the target or a part of it, or null: for blocks that people ask for, which may be wide.</summary>
    public string? FindTouching(BlockTarget target) =>
        FindProtecting(target.ToString(), target) ?? _entries.FirstOrDefault(e => !e.IsException && e.Overlaps(target))?.Text;

    /// <summary>The entry that protects the source, or null. An exception (<c>!address</c>) takes precedence.</summary>
    /// <param name="source">Source text as decoded.</param>
    /// <param name="target">The same as an address; null when it is not one.</param>
    public string? FindProtecting(string source, BlockTarget? target)
    {
        string? found = null;
        foreach (var entry in _entries)
        {
            if (!entry.Covers(source, target))
                continue;

            if (entry.IsException)
                return null;

            found ??= entry.Text;
        }

        return found;
    }
}
