using Redoubt.Respond.Scripts;

namespace Redoubt.Respond;

/// <summary>Who carries a checked request out: the firewall, or a program.</summary>
internal sealed class Responders(FirewallResponder firewall, ScriptResponder scripts)
{
    /// <summary>Carries it out.</summary>
    /// <param name="order">What is asked.</param>
    /// <param name="leaving">Cancelled when the caller has gone: ends what only waits.</param>
    /// <returns>The answers, the last one without <see cref="EnforceReply.More"/>.</returns>
    internal Task<IReadOnlyList<EnforceReply>> AnswerAsync(Order order, CancellationToken leaving) =>
        order.Request.Verb is EnforceVerb.Run or EnforceVerb.Undo or EnforceVerb.Hold
            ? RunAsync(order)
            : firewall.AnswerAsync(order, leaving);

    private async Task<IReadOnlyList<EnforceReply>> RunAsync(Order order) => [await scripts.AnswerAsync(order).ConfigureAwait(false)];
}
