using Redoubt.Engine.Decode;

namespace Redoubt.Engine.Match;

/// <summary><c>compiled_rule</c>: one of the tests that are code.</summary>
internal sealed class CompiledRuleCondition : Condition
{
    public required CompiledTest Test { get; init; }

    /// <summary>Its name in rule files.</summary>
    public required string Name { get; init; }

    public override bool Holds(DecodedEvent e, RuleContext context) => Test(e);

    /// <summary>The test of that name, or null.</summary>
    public static CompiledTest? Find(string name) =>
        name switch
        {
            "check_id_size" => HasLongId,
            "comp_mswin_targetuser_calleruser_diff" => TargetUserDiffersFromCaller,
            "comp_srcuser_dstuser" => SourceUserDiffersFromTarget,
            "is_simple_http_request" => IsSimpleHttpRequest,
            "is_valid_crawler" => IsKnownCrawler,
            _ => null,
        };

    /// <summary>A test of an event.</summary>
    internal delegate bool CompiledTest(DecodedEvent e);

    private static bool HasLongId(DecodedEvent e)
    {
        const int LongIdBytes = 10;
        return e.TryGetField(StaticField.Id, out var id) && id.Length >= LongIdBytes;
    }

    private static bool SourceUserDiffersFromTarget(DecodedEvent e) =>
        e.TryGetField(StaticField.SrcUser, out var source)
        && e.TryGetField(StaticField.DstUser, out var target)
        && !source.SequenceEqual(target);

    // Windows writes both as "Target User Name: A" and "Caller User Name: B".
    private static bool TargetUserDiffersFromCaller(DecodedEvent e)
    {
        var target = WordBehind(e.Log, "Target User Name: "u8);
        var caller = WordBehind(e.Log, "Caller User Name: "u8);
        return !target.IsEmpty && !caller.IsEmpty && !target.SequenceEqual(caller);
    }

    // A request without parameters.
    private static bool IsSimpleHttpRequest(DecodedEvent e) => e.TryGetField(StaticField.Url, out var url) && !url.Contains((byte)'?');

    // Search engines name themselves in the user agent; the name proves nothing, it only keeps an alert quiet.
    private static bool IsKnownCrawler(DecodedEvent e)
    {
        var log = e.Text.Lowered(e.LogSpan);
        return log.IndexOf("googlebot/"u8) >= 0
            || log.IndexOf("msnbot/"u8) >= 0
            || log.IndexOf("bingbot/"u8) >= 0
            || log.IndexOf("yahoo! slurp"u8) >= 0
            || log.IndexOf("baiduspider"u8) >= 0
            || log.IndexOf("ask jeeves"u8) >= 0;
    }

    private static ReadOnlySpan<byte> WordBehind(ReadOnlySpan<byte> text, ReadOnlySpan<byte> key)
    {
        var at = text.IndexOf(key);
        if (at < 0)
            return default;

        var rest = text[(at + key.Length)..];
        var end = rest.IndexOf((byte)' ');
        return end < 0 ? rest : rest[..end];
    }
}
