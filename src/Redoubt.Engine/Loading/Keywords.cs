using Redoubt.Engine.Decode;
using Redoubt.Engine.Match;

namespace Redoubt.Engine.Loading;

/// <summary>Words of the decoder and rule language that stand for a choice.</summary>
internal static class Keywords
{
    public static Category? Category(string text) =>
        text switch
        {
            "firewall" => Decode.Category.Firewall,
            "ids" => Decode.Category.Ids,
            "web-log" => Decode.Category.WebLog,
            "syslog" => Decode.Category.Syslog,
            "squid" => Decode.Category.Squid,
            "windows" => Decode.Category.Windows,
            "host-information" => Decode.Category.HostInformation,
            "ossec" => Decode.Category.Ossec,
            _ => null,
        };

    public static string NameOf(Category category) =>
        category switch
        {
            Decode.Category.Firewall => "firewall",
            Decode.Category.Ids => "ids",
            Decode.Category.WebLog => "web-log",
            Decode.Category.Squid => "squid",
            Decode.Category.Windows => "windows",
            Decode.Category.HostInformation => "host-information",
            Decode.Category.Ossec => "ossec",
            _ => "syslog",
        };

    public static PatternType? Pattern(string text) =>
        text.ToUpperInvariant() switch
        {
            "OSMATCH" => PatternType.OsMatch,
            "OSREGEX" => PatternType.OsRegex,
            "PCRE2" => PatternType.Pcre2,
            _ => null,
        };

    public static DecoderOffset? Offset(string text) =>
        text switch
        {
            "after_parent" => DecoderOffset.AfterParent,
            "after_prematch" => DecoderOffset.AfterPrematch,
            "after_regex" => DecoderOffset.AfterRegex,
            _ => null,
        };

    public static DecoderPlugin? Plugin(string text) =>
        text switch
        {
            "PF_Decoder" => DecoderPlugin.Pf,
            "SymantecWS_Decoder" => DecoderPlugin.SymantecWs,
            "SonicWall_Decoder" => DecoderPlugin.SonicWall,
            "OSSECAlert_Decoder" => DecoderPlugin.OssecAlert,
            "JSON_Decoder" => DecoderPlugin.Json,
            _ => null,
        };

    /// <summary>Decoders that are part of the program; rules may name them in <c>decoded_as</c>.</summary>
    public static IReadOnlyList<string> BuiltInDecoders { get; } =
    [
        EventChannelName,
        "rootcheck",
        "syscollector",
        "ciscat",
        "sca",
        "hostinfo_new",
        "hostinfo_modified",
        "syscheck_new_entry",
        "syscheck_integrity_changed",
        "syscheck_deleted",
        "syscheck_registry_key_added",
        "syscheck_registry_key_modified",
        "syscheck_registry_key_deleted",
        "syscheck_registry_value_added",
        "syscheck_registry_value_modified",
        "syscheck_registry_value_deleted",
    ];

    /// <summary>The built-in decoder of Windows events; the only built-in one whose input Redoubt collects.</summary>
    public const string EventChannelName = "windows_eventchannel";

    /// <summary>Whether an option's content or attribute means yes.</summary>
    public static bool? YesNo(string text) =>
        text.ToUpperInvariant() switch
        {
            "YES" => true,
            "NO" => false,
            _ => null,
        };
}
