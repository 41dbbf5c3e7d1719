using System.Diagnostics;
using System.Text.Json.Nodes;
using Redoubt.Model;
using Redoubt.Respond;

namespace Redoubt.App.Responses;

/// <summary>Carries one response out in a sandbox, and undoes it, with every step told.</summary>
internal sealed class ResponseRehearsal(EnforcerClient enforcer, TestedResponse response, Action<ResponseStep> tell)
{
    /// <summary>Kept for documentation (RFC 5737): nobody has it.</summary>
    internal const string Target = "192.0.2.1";

    private const string NeverBlocked = "127.0.0.1";
    private const long ForMilliseconds = 60_000;

    /// <summary>Runs all steps; a step that fails ends those that need it.</summary>
    /// <returns>Whether every step ended as it should.</returns>
    internal async Task<bool> RunAsync(CancellationToken cancellation) =>
        await StepAsync("enforcer", new EnforceRequest { Verb = EnforceVerb.Hello }, r => r.Outcome == EnforceOutcome.Ok, cancellation)
            is not null
        && (KnownResponses.IsFirewall(response.Executable) ? await BlockAsync(cancellation) : await ProgramAsync(cancellation));

    private async Task<bool> BlockAsync(CancellationToken cancellation)
    {
        var blocked = await StepAsync("block", Request(EnforceVerb.Block, Target), r => r.Outcome == EnforceOutcome.Enforced, cancellation);
        if (blocked is null)
            return false;

        var isThere = await StepAsync("read back", Request(EnforceVerb.Read, Target), r => r.RemainingMilliseconds > 0, cancellation);
        var isSpared = await StepAsync(
            "spare " + NeverBlocked,
            Request(EnforceVerb.Block, NeverBlocked),
            r => r.Outcome == EnforceOutcome.Skipped,
            cancellation
        );
        var released = await StepAsync(
            "release",
            Request(EnforceVerb.Release, Target),
            r => r.Outcome == EnforceOutcome.Released,
            cancellation
        );
        var isGone = await StepAsync("read back", Request(EnforceVerb.Read, Target), r => r.RemainingMilliseconds == 0, cancellation);
        return isThere is not null && isSpared is not null && released is not null && isGone is not null;
    }

    private async Task<bool> ProgramAsync(CancellationToken cancellation)
    {
        var run = await StepAsync("run", Request(EnforceVerb.Run, Target), r => r.Outcome == EnforceOutcome.Enforced, cancellation);
        if (run is not { NeedsUndo: true })
            return run is not null;

        return await StepAsync("undo", Request(EnforceVerb.Undo, Target), r => r.Outcome == EnforceOutcome.Released, cancellation)
            is not null;
    }

    private EnforceRequest Request(EnforceVerb verb, string target) =>
        new()
        {
            Verb = verb,
            Response = response.Executable,
            Target = target,
            User = Sandbox.User,
            DurationMilliseconds = verb is EnforceVerb.Block or EnforceVerb.Run ? ForMilliseconds : 0,
            AlertDocument = Document(target),
            AlertId = "1.1",
            ExtraArguments = [.. response.Arguments],
            OriginName = "test",
            Protocol = response.Protocol,
            DeadlineMilliseconds = response.DeadlineSeconds * 1000L,
        };

    private static string Document(string target) =>
        new JsonObject
        {
            ["timestamp"] = "1970-01-01T00:00:01.000+0000",
            ["rule"] = new JsonObject
            {
                ["level"] = 0,
                ["description"] = "redoubt responses test",
                ["id"] = "0",
            },
            ["id"] = "1.1",
            ["full_log"] = "redoubt responses test",
            ["data"] = new JsonObject { ["srcip"] = target, ["dstuser"] = Sandbox.User },
            ["location"] = "redoubt",
        }.ToJsonString();

    private async Task<EnforceReply?> StepAsync(
        string name,
        EnforceRequest request,
        Predicate<EnforceReply> isFine,
        CancellationToken cancellation
    )
    {
        var watch = Stopwatch.StartNew();
        EnforceReply reply;
        try
        {
            reply = await enforcer.SendAsync(request, cancellation);
        }
        catch (IOException e)
        {
            tell(new ResponseStep(name, false, "failed", e.Message, watch.ElapsedMilliseconds));
            return null;
        }

        var ok = isFine(reply);
        tell(new ResponseStep(name, ok, reply.Outcome.ToString().ToLowerInvariant(), DetailOf(reply), watch.ElapsedMilliseconds));
        return ok ? reply : null;
    }

    private string? DetailOf(EnforceReply reply)
    {
        string?[] parts =
        [
            reply.Reason,
            (reply.Outcome == EnforceOutcome.Enforced && KnownResponses.IsFirewall(response.Executable))
            || reply.Outcome == EnforceOutcome.Read
                ? reply.RemainingMilliseconds == 0
                    ? "not there"
                    : FormattableString.Invariant($"{(reply.RemainingMilliseconds + 999) / 1000} s left in the kernel")
                : null,
            reply.ExitCode is { } code ? FormattableString.Invariant($"exit code {code}") : null,
            reply.ErrorText,
        ];
        var told = string.Join("; ", parts.Where(p => !string.IsNullOrEmpty(p)));
        return told.Length == 0 ? null : told;
    }
}
