using Redoubt.Engine.Decode;
using Redoubt.Engine.Match;

namespace Redoubt.Engine.Loading;

/// <summary>Tables of the rule language: which option looks at what, and in which order conditions are tested.</summary>
internal static class RuleOptions
{
    /// <summary>The order of tests (rule-engine.md 4.2). It only matters for conditions that remember something.</summary>
    public static IReadOnlyList<string> TestOrder { get; } =
    [
        "decoded_as",
        "program_name",
        "id",
        "system_name",
        "protocol",
        "match",
        "regex",
        "action",
        "url",
        "location",
        "field",
        "srcip",
        "dstip",
        "srcport",
        "dstport",
        "compiled_rule",
        "user",
        "srcgeoip",
        "dstgeoip",
        "maxsize",
        "time",
        "weekday",
        "data",
        "extra_data",
        "hostname",
        "status",
        "check_diff",
        "if_fts",
        "list",
    ];

    /// <summary>Options that hold a pattern on one text of the event.</summary>
    public static (EventPart Part, PatternType DefaultType)? Pattern(string option) =>
        option switch
        {
            "match" => (new EventPart(EventPartKind.Log), PatternType.OsMatch),
            "regex" => (new EventPart(EventPartKind.Log), PatternType.OsRegex),
            "program_name" => (new EventPart(EventPartKind.ProgramName), PatternType.OsMatch),
            "hostname" => (new EventPart(EventPartKind.Hostname), PatternType.OsMatch),
            "location" => (new EventPart(EventPartKind.Location), PatternType.OsMatch),
            "user" => (new EventPart(EventPartKind.User), PatternType.OsMatch),
            "action" => (EventPart.Of(StaticField.Action), PatternType.Exact),
            "id" or "url" or "status" or "protocol" or "data" or "extra_data" or "system_name" or "srcport" or "dstport" => (
                EventPart.Of(StaticFields.Find(option)!.Value),
                PatternType.OsMatch
            ),
            "srcgeoip" or "dstgeoip" => (new EventPart(EventPartKind.GeoIp), PatternType.OsMatch),
            _ => null,
        };

    /// <summary>What a <c>same_*</c> or <c>different_*</c> option compares, or null when it is none.</summary>
    public static (EventPart Part, bool IsDifferent)? Comparison(string option)
    {
        if (option is "not_same_source_ip")
            return (EventPart.Of(StaticField.SrcIp), true);

        if (option is "not_same_user" or "not_same_id")
            return (EventPart.Of(option is "not_same_id" ? StaticField.Id : StaticField.DstUser), true);

        var isDifferent = option.StartsWith("different_", StringComparison.Ordinal);
        if (!isDifferent && !option.StartsWith("same_", StringComparison.Ordinal))
            return null;

        EventPart? part = option[(option.IndexOf('_', StringComparison.Ordinal) + 1)..] switch
        {
            "source_ip" when !isDifferent => EventPart.Of(StaticField.SrcIp),
            "srcip" => EventPart.Of(StaticField.SrcIp),
            "dstip" => EventPart.Of(StaticField.DstIp),
            "src_port" or "srcport" => EventPart.Of(StaticField.SrcPort),
            "dst_port" or "dstport" => EventPart.Of(StaticField.DstPort),
            "srcuser" => EventPart.Of(StaticField.SrcUser),
            "user" => EventPart.Of(StaticField.DstUser),
            "location" => new EventPart(EventPartKind.Location),
            "id" => EventPart.Of(StaticField.Id),
            "protocol" => EventPart.Of(StaticField.Protocol),
            "action" => EventPart.Of(StaticField.Action),
            "url" => EventPart.Of(StaticField.Url),
            "data" => EventPart.Of(StaticField.Data),
            "extra_data" => EventPart.Of(StaticField.ExtraData),
            "status" => EventPart.Of(StaticField.Status),
            "system_name" => EventPart.Of(StaticField.SystemName),
            "srcgeoip" or "dstgeoip" => new EventPart(EventPartKind.GeoIp),
            _ => null,
        };
        return part is { } found ? (found, isDifferent) : null;
    }

    /// <summary>Names of the lookups of <c>list</c>.</summary>
    public static ListLookup? Lookup(string text) =>
        text switch
        {
            "match_key" => ListLookup.MatchKey,
            "not_match_key" => ListLookup.NotMatchKey,
            "match_key_value" => ListLookup.MatchKeyValue,
            "address_match_key" => ListLookup.AddressMatchKey,
            "not_address_match_key" => ListLookup.NotAddressMatchKey,
            "address_match_key_value" => ListLookup.AddressMatchKeyValue,
            _ => null,
        };
}
