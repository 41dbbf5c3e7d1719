using System.Text.Json.Serialization;

namespace Redoubt.Store;

/// <summary>JSON of columns that hold several texts.</summary>
[JsonSerializable(typeof(string[]))]
internal sealed partial class StoreJson : JsonSerializerContext;
