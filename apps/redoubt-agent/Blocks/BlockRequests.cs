using Redoubt.Model;
using Redoubt.Respond;

namespace Redoubt.Agent.Blocks;

/// <summary>What the enforcer is asked about blocks.</summary>
internal static class BlockRequests
{
    // The enforcer takes 1024 entries in all. A block that the white list covers is rare: the manager would not have decided it.
    private const int MaxAllowed = 900;

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
            Protected = [.. settings.Protected, .. AllowedFor([block], settings)],
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
            Protected = [.. settings.Protected, .. AllowedFor(blocks, settings)],
        };

    // Only what touches a target: a long white list shall not travel with each block.
    private static IEnumerable<string> AllowedFor(IReadOnlyList<HeldBlock> blocks, BlockSettings settings)
    {
        if (settings.Allowed.Count == 0)
            return [];

        var targets = blocks
            .Where(b => !b.IgnoresAllowlist)
            .Select(b => BlockTarget.TryParse(b.Target, out var target) ? target : (BlockTarget?)null)
            .OfType<BlockTarget>()
            .ToArray();
        return settings.Allowed.Where(a => Array.Exists(targets, a.Overlaps)).Take(MaxAllowed).Select(a => a.ToString());
    }
}
