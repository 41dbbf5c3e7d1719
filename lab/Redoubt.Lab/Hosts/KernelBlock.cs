using System.Text.Json;

namespace Redoubt.Lab;

/// <summary>An element of one of the firewall's sets, as the kernel shows it.</summary>
/// <param name="Set">Name of the set.</param>
/// <param name="Target">Address, or <c>base/prefix</c>.</param>
/// <param name="Timeout">Its full time; null when it has none.</param>
/// <param name="Remaining">Time left, in whole seconds; null when it has no end.</param>
public sealed record KernelBlock(string Set, string Target, TimeSpan? Timeout, TimeSpan? Remaining)
{
    /// <summary>Reads the elements of all sets from the output of <c>nft -j list</c>.</summary>
    internal static IReadOnlyList<KernelBlock> Read(JsonElement root)
    {
        var blocks = new List<KernelBlock>();
        foreach (var entry in root.GetProperty("nftables").EnumerateArray())
        {
            if (!entry.TryGetProperty("set", out var set) || !set.TryGetProperty("elem", out var elements))
                continue;

            foreach (var element in elements.EnumerateArray())
                blocks.Add(ReadElement(set.GetProperty("name").GetString()!, element));
        }

        return blocks;
    }

    private static KernelBlock ReadElement(string set, JsonElement element)
    {
        // {"elem":{"val":…,"timeout":1800,"expires":1799}}; without a timeout the value stands alone.
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty("elem", out var body))
            return new KernelBlock(set, TargetOf(element), null, null);

        return new KernelBlock(set, TargetOf(body.GetProperty("val")), Seconds(body, "timeout"), Seconds(body, "expires"));
    }

    private static string TargetOf(JsonElement value) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty("prefix", out var prefix)
            ? $"{prefix.GetProperty("addr").GetString()}/{prefix.GetProperty("len").GetInt32()}"
            : value.ToString();

    private static TimeSpan? Seconds(JsonElement body, string name) =>
        body.TryGetProperty(name, out var seconds) ? TimeSpan.FromSeconds(seconds.GetDouble()) : null;
}
