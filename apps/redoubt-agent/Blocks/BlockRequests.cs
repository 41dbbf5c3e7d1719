using Redoubt.Respond;

namespace Redoubt.Agent.Blocks;

/// <summary>What the enforcer is asked about blocks.</summary>
internal static class BlockRequests
{
    /// <summary>A request about one block.</summary>
    internal static EnforceRequest For(HeldBlock block, EnforceVerb verb, BlockSettings settings) =>
        new()
        {
            Verb = verb,
            Response = block.Executable,
            Target = block.Target.Length == 0 ? null : block.Target,
            User = block.User,
            AlertDocument = block.Document,
            AlertId = block.AlertId,
            RuleId = block.RuleId,
            ExtraArguments = block.Arguments,
            OriginName = block.Origin,
            LogForm = settings.LogForm,
            Protected = [.. settings.Protected],
            FirstSeenUnixMilliseconds = block.FirstSeen,
            Protocol = block.Protocol,
            DeadlineMilliseconds = block.DeadlineSeconds * 1000L,
        };

    /// <summary>The request that makes sure of many blocks at once.</summary>
    /// <param name="blocks">One a target, all of one back end.</param>
    /// <param name="remaining">What is left of a block, in milliseconds; -1 = until removed.</param>
    /// <param name="settings">Whom the host must not block.</param>
    internal static EnforceRequest Load(HeldBlock[] blocks, Converter<HeldBlock, long> remaining, BlockSettings settings) =>
        new()
        {
            Verb = EnforceVerb.Load,
            Response = blocks[0].Executable,
            Targets = Array.ConvertAll(blocks, b => b.Target),
            TargetsDurationMilliseconds = Array.ConvertAll(blocks, b => Math.Max(remaining(b), 0)),
            TargetsFirstSeenUnixMilliseconds = Array.ConvertAll(blocks, b => b.FirstSeen),
            Protected = [.. settings.Protected],
        };
}
