using System.Text.Json;
using System.Text.Json.Serialization;

namespace Redoubt.Respond;

/// <summary>The wire form: one JSON object a line, keys in snake_case, defaults left out.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    MaxDepth = 4,
    WriteIndented = false
)]
[JsonSerializable(typeof(EnforceRequest))]
[JsonSerializable(typeof(EnforceReply))]
internal sealed partial class EnforceJson : JsonSerializerContext
{
    /// <summary>The longest line that either side reads, without its newline.</summary>
    internal const int MaxLineBytes = 1024 * 1024;
}
