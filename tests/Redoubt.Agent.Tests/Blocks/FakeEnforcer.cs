using System.Threading.Channels;
using Redoubt.Agent.Blocks;
using Redoubt.Respond;

namespace Redoubt.Tests.Agent.Blocks;

/// <summary>An enforcer in memory: a kernel set with ends on the test's clock.</summary>
internal sealed class FakeEnforcer(TimeProvider time) : IEnforcement
{
    private readonly Dictionary<string, DateTimeOffset> _ends = new(StringComparer.Ordinal);
    private readonly Channel<EnforceRequest> _requests = Channel.CreateUnbounded<EnforceRequest>();

    public event Action? Connected;

    /// <summary>Whether anyone answers.</summary>
    internal bool IsThere { get; set; } = true;

    /// <summary>Answer to the next blocks; null: enforced.</summary>
    internal EnforceReply? BlockAnswer { get; set; }

    /// <summary>Answers requests to run and undo programs; null: run well, and to be undone.</summary>
    internal Func<EnforceRequest, Task<EnforceReply?>>? Program { get; set; }

    public Task<EnforceReply?> SendAsync(EnforceRequest request, CancellationToken stopping)
    {
        if (!IsThere)
            return Task.FromResult<EnforceReply?>(null);

        var answer = Answer(request);
        _requests.Writer.TryWrite(request);
        if (request.Verb is EnforceVerb.Run or EnforceVerb.Undo && Program is { } program)
            return program(request);

        return Task.FromResult<EnforceReply?>(answer);
    }

    /// <summary>Whether a request of a verb has come that <see cref="NextAsync"/> has not passed yet; the others are forgotten.</summary>
    internal bool Got(EnforceVerb verb)
    {
        var got = false;
        while (_requests.Reader.TryRead(out var request))
            got |= request.Verb == verb;
        return got;
    }

    /// <summary>The next request of a verb.</summary>
    internal async Task<EnforceRequest> NextAsync(EnforceVerb verb)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            var request = await _requests.Reader.ReadAsync(deadline.Token);
            if (request.Verb == verb)
                return request;
        }
    }

    /// <summary>The answer of a program that ended well.</summary>
    internal static EnforceReply Ran(bool needsUndo) =>
        new()
        {
            Outcome = EnforceOutcome.Enforced,
            ExitCode = 0,
            Reason = "exit 0 after 3 ms",
            NeedsUndo = needsUndo,
            Key = needsUndo ? "custom-key" : null,
        };

    internal bool Holds(string target) => _ends.TryGetValue(target, out var end) && end > time.GetUtcNow();

    /// <summary>What is in the kernel, with its ends.</summary>
    internal Dictionary<string, DateTimeOffset> Kernel
    {
        get => new(_ends, StringComparer.Ordinal);
        init => _ends = new(value, StringComparer.Ordinal);
    }

    internal void Lose(string target) => _ends.Remove(target);

    internal void Prolong(string target, TimeSpan by) => _ends[target] += by;

    internal void Connect()
    {
        IsThere = true;
        Connected?.Invoke();
    }

    private EnforceReply Answer(EnforceRequest request)
    {
        var target = request.Target ?? "";
        switch (request.Verb)
        {
            case EnforceVerb.Run:
                return Ran(needsUndo: true);
            case EnforceVerb.Undo:
                return new EnforceReply { Outcome = EnforceOutcome.Released, Reason = "exit 0 after 3 ms" };
            case EnforceVerb.Hold:
                return new EnforceReply { Outcome = EnforceOutcome.Ok };
            case EnforceVerb.Block when BlockAnswer is { } answer:
                return answer;
            case EnforceVerb.Block:
                _ends[target] =
                    request.DurationMilliseconds == 0
                        ? DateTimeOffset.MaxValue
                        : time.GetUtcNow().AddMilliseconds(request.DurationMilliseconds);
                return new EnforceReply
                {
                    Outcome = EnforceOutcome.Enforced,
                    RemainingMilliseconds = request.DurationMilliseconds == 0 ? -1 : request.DurationMilliseconds,
                };
            case EnforceVerb.Release:
                _ends.Remove(target);
                return new EnforceReply { Outcome = EnforceOutcome.Released };
            case EnforceVerb.Load:
                return Load(request);
            default:
                return new EnforceReply { Outcome = EnforceOutcome.Read, RemainingMilliseconds = RemainingOf(target) };
        }
    }

    private EnforceReply Load(EnforceRequest request)
    {
        var missing = Enumerable.Range(0, request.Targets.Length).Where(i => !Holds(request.Targets[i])).ToList();
        foreach (var i in BlockAnswer is null ? missing : [])
        {
            var duration = request.TargetsDurationMilliseconds[i];
            _ends[request.Targets[i]] = duration == 0 ? DateTimeOffset.MaxValue : time.GetUtcNow().AddMilliseconds(duration);
        }

        return new EnforceReply
        {
            Outcome = EnforceOutcome.Ok,
            Restored = BlockAnswer is null ? missing.Count : 0,
            NotEnforced = BlockAnswer is { } answer
                ? [.. missing.Select(i => new NotEnforced(i, answer.Outcome, answer.Reason ?? string.Empty))]
                : [],
            TargetsRemainingMilliseconds = Array.ConvertAll(request.Targets, RemainingOf),
        };
    }

    private long RemainingOf(string target) =>
        !Holds(target) ? 0
        : _ends[target] == DateTimeOffset.MaxValue ? -1
        : (long)(_ends[target] - time.GetUtcNow()).TotalMilliseconds;
}
