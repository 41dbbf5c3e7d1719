using Redoubt.Respond.Scripts;

namespace Redoubt.Respond;

/// <summary>Who carries a checked request out: the firewall, or a program.</summary>
internal sealed class Responders(FirewallResponder firewall, ScriptResponder scripts)
{
    /// <summary>Carries it out.</summary>
    /// <returns>The answers, the last one without <see cref="EnforceReply.More"/>.</returns>
    internal Task<IReadOnlyList<EnforceReply>> AnswerAsync(Order order) =>
        order.Request.Verb is EnforceVerb.Run or EnforceVerb.Undo or EnforceVerb.Hold ? RunAsync(order) : firewall.AnswerAsync(order);

    private async Task<IReadOnlyList<EnforceReply>> RunAsync(Order order) => [await scripts.AnswerAsync(order).ConfigureAwait(false)];
}
