using System.Text.Json;
using System.Text.Json.Serialization;

namespace Redoubt.Store;

/// <summary>JSON of columns that hold several texts.</summary>
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class StoreJson : JsonSerializerContext
{
    /// <summary>Pairs as one object; of equal names the last one counts.</summary>
    internal static string Write(IEnumerable<KeyValuePair<string, string>> pairs)
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in pairs)
            all[name] = value;

        return JsonSerializer.Serialize(all, Default.DictionaryStringString);
    }

    /// <summary>What <see cref="Write"/> wrote.</summary>
    internal static Dictionary<string, string> ReadPairs(string json) =>
        JsonSerializer.Deserialize(json, Default.DictionaryStringString) ?? [];
}
