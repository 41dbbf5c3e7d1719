using Redoubt.Respond;

namespace Redoubt.Agent.Blocks;

/// <summary>What came of a program that was run or undone.</summary>
/// <param name="Block">The block as it was when the enforcer was asked.</param>
/// <param name="Verb">Run or undo.</param>
/// <param name="Reply">The enforcer's answer; null when there was none.</param>
internal sealed record ProgramAnswer(HeldBlock Block, EnforceVerb Verb, EnforceReply? Reply);
