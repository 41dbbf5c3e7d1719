using System.Text;
using System.Text.Json;
using Redoubt.Model;
using Redoubt.Respond.Scripts;

namespace Redoubt.Respond;

/// <summary>Reads and checks one line of a request.</summary>
/// <remarks>Never throws, whatever the bytes are. Threads: safe.</remarks>
internal static class RequestReader
{
    internal const int MaxAlertBytes = 512 * 1024;
    internal const int MaxProtected = 1024;
    internal const int MaxArguments = 64;
    internal const int MaxArgumentCharacters = 2047;
    internal const int MaxNameCharacters = 256;
    internal const int MaxUserCharacters = 16 * 1024;

    /// <summary>Reads one line.</summary>
    /// <param name="line">Without its newline.</param>
    /// <param name="order">The checked request.</param>
    /// <param name="id">The request's id as far as it can be read, else 0.</param>
    /// <param name="problem">What is wrong; null when nothing is.</param>
    internal static bool TryRead(ReadOnlySpan<byte> line, out Order? order, out long id, out string? problem)
    {
        order = null;
        id = 0;
        EnforceRequest? request = null;
        try
        {
            request = JsonSerializer.Deserialize(line, EnforceJson.Default.EnforceRequest);
            problem = request is null ? "a request is a JSON object" : null;
        }
        catch (JsonException e)
        {
            problem = $"not a request: {OneLine(e.Message)}";
        }

        if (request is null)
        {
            id = FindId(line);
            return false;
        }

        id = request.Id;
        problem = Check(request, out order);
        return problem is null;
    }

    private static string? Check(EnforceRequest request, out Order? order)
    {
        order = null;
        if (request.Id <= 0)
            return "id has to be a whole number above 0";
        if (!Enum.IsDefined(request.Verb))
            return "verb is unknown";
        if (!Enum.IsDefined(request.LogForm))
            return "log_form is unknown";
        if (WhyWrongResponse(request) is { } wrong)
            return wrong;
        if (!Enum.IsDefined(request.Protocol))
            return "protocol is unknown";
        if (request.DeadlineMilliseconds < 0 || request.DeadlineMilliseconds > (long)ScriptLimits.LongestDeadline.TotalMilliseconds)
            return "deadline_milliseconds is negative or longer than an hour";
        if (request.DurationMilliseconds < 0)
            return "duration_milliseconds is negative";
        if (request.RuleId < 0)
            return "rule_id is negative";
        if (request.FirstSeenUnixMilliseconds < 0)
            return "first_seen_unix_milliseconds is negative";

        if (request.After < 0)
            return "after is negative";

        return CheckTexts(request) ?? CheckTargets(request, out order);
    }

    private static bool IsForPrograms(EnforceVerb verb) => verb is EnforceVerb.Run or EnforceVerb.Undo or EnforceVerb.Hold;

    private static string? WhyWrongResponse(EnforceRequest request)
    {
        if (!IsForPrograms(request.Verb))
            return request.Response is null || KnownResponses.IsFirewall(request.Response)
                ? null
                : "response is none of the firewall (firewall-drop and its like); others are run";
        if (request.Response is null)
            return "response is missing";

        return KnownResponses.IsFirewall(request.Response)
            ? "response is the firewall's: block and release it"
            : ResponseFile.WhyNoName(request.Response);
    }

    private static string? CheckTexts(EnforceRequest request)
    {
        if (request.User is { } user && (user.Length > MaxUserCharacters || user.Contains('\0', StringComparison.Ordinal)))
            return $"user has more than {MaxUserCharacters} characters, or a NUL";
        if (request.Key is { } key && (key.Length is 0 or > ActiveKeys.MaxKeyCharacters))
            return $"key has 1 to {ActiveKeys.MaxKeyCharacters} characters";
        if (request.AlertId is { } alertId && !IsAlertId(alertId))
            return "alert_id is no alert id (1 to 64 letters, digits, '.', '-' or '_')";
        if (request.OriginName.Length > MaxNameCharacters || request.OriginName.Any(char.IsControl))
            return $"origin_name has more than {MaxNameCharacters} characters, or a control character";
        if (request.ExtraArguments.Length > MaxArguments)
            return $"extra_arguments has more than {MaxArguments} entries";
        if (
            Array.Exists(
                request.ExtraArguments,
                a => a is null || a.Length > MaxArgumentCharacters || a.Contains('\0', StringComparison.Ordinal)
            )
        )
            return $"extra_arguments has an entry that is null, has more than {MaxArgumentCharacters} characters, or a NUL";
        if (request.AlertDocument is not { } alert)
            return null;

        if (Encoding.UTF8.GetByteCount(alert) > MaxAlertBytes)
            return $"alert_document is longer than {MaxAlertBytes} bytes";
        return AlertText.IsObject(alert) ? null : "alert_document is not one JSON object";
    }

    private static string? CheckTargets(EnforceRequest request, out Order? order)
    {
        order = null;
        var needsTarget = request.Verb is EnforceVerb.Block or EnforceVerb.Release or EnforceVerb.Read;
        var target = default(BlockTarget);
        var mayHaveTarget = needsTarget || (IsForPrograms(request.Verb) && request.Target is not null);
        if (mayHaveTarget && !BlockTarget.TryParse(request.Target, out target))
            return "target is no canonical address or prefix";
        if (!mayHaveTarget && request.Target is not null)
            return "target does not belong to this verb";
        if (request.Protected.Length > MaxProtected)
            return $"protected has more than {MaxProtected} entries";

        if (CheckLoad(request, out var targets) is { } problem)
            return problem;

        var wanted = new List<BlockTarget>(request.Protected.Length);
        foreach (var text in request.Protected)
        {
            // Passing over one that cannot be read would leave a manager unprotected.
            if (!BlockTarget.TryParse(text, out var one))
                return "protected has an entry that is no canonical address or prefix";

            wanted.Add(one);
        }

        var program = request.Response ?? KnownResponses.DefaultBackEnd;
        order = new Order(request, target, program, KnownResponses.BackEndOf(program) ?? KnownResponses.DefaultBackEnd, wanted, targets);
        return null;
    }

    private static string? CheckLoad(EnforceRequest request, out BlockTarget[] targets)
    {
        targets = [];
        if (request.Verb != EnforceVerb.Load)
            return request.Targets.Length == 0 ? null : "targets do not belong to this verb";
        if (request.Targets.Length > EnforceRequest.MaxTargets)
            return $"targets has more than {EnforceRequest.MaxTargets} entries";
        if (request.TargetsDurationMilliseconds.Length != request.Targets.Length)
            return "targets_duration_milliseconds has not as many entries as targets";
        if (request.TargetsFirstSeenUnixMilliseconds.Length is var count && count > 0 && count != request.Targets.Length)
            return "targets_first_seen_unix_milliseconds has not as many entries as targets";
        if (
            Array.Exists(request.TargetsDurationMilliseconds, d => d < 0)
            || Array.Exists(request.TargetsFirstSeenUnixMilliseconds, t => t < 0)
        )
            return "a time of targets is negative";

        targets = new BlockTarget[request.Targets.Length];
        var known = new HashSet<BlockTarget>(request.Targets.Length);
        for (var i = 0; i < targets.Length; i++)
        {
            if (!BlockTarget.TryParse(request.Targets[i], out targets[i]))
                return "targets has an entry that is no canonical address or prefix";
            if (!known.Add(targets[i]))
                return $"targets has {targets[i]} twice";
        }

        return null;
    }

    internal static bool IsAlertId(string text) =>
        text.Length is >= 1 and <= 64 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_') && text != "-";

    /// <summary>Finds the id in a line that is no request, so that whoever waits for it gets its answer.</summary>
    private static long FindId(ReadOnlySpan<byte> line)
    {
        try
        {
            var reader = new Utf8JsonReader(line);
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1 && reader.ValueTextEquals("id"u8))
                    return reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var id) && id > 0 ? id : 0;
            }
        }
        catch (JsonException)
        {
            // Broken before its id; the answer carries 0.
        }

        return 0;
    }

    private static string OneLine(string text)
    {
        var clean = new string([.. text.Select(c => char.IsControl(c) ? ' ' : c)]);
        return clean.Length <= MaxNameCharacters ? clean : clean[..MaxNameCharacters];
    }
}
