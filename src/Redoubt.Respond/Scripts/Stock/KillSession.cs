using System.Globalization;
using Redoubt.Model;
using Redoubt.Respond.NeverBlock;

namespace Redoubt.Respond.Scripts;

/// <summary><c>kill-session</c>: ends the login sessions that came from the source, or those of the user.</summary>
/// <remarks>
/// By source where the request names one, unless <c>extra_args</c> hold <c>--user</c>. Sessions of user id 0 and of members of sudo, wheel or adm
/// are left alone unless <c>--administrators</c> asks for them. Nothing is undone at the end: a session that has ended has ended.
/// </remarks>
internal sealed class KillSession(HostFiles files) : IStockResponse
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Names { get; } = ["kill-session"];

    /// <inheritdoc/>
    public bool IsUndone => false;

    /// <inheritdoc/>
    public string Subject(Order order, out string? problem)
    {
        problem = null;
        if (order.HasTarget && !order.Request.ExtraArguments.Contains("--user", StringComparer.Ordinal))
            return order.Target.ToString();

        var user = string.IsNullOrEmpty(order.Request.User) ? AlertFacts.Read(order.Request.AlertDocument).User : order.Request.User;
        if (UserNames.IsOne(user))
            return user;

        problem = StockTexts.NoUser;
        return "-";
    }

    /// <inheritdoc/>
    public StockResult Add(Order order, string subject, CancellationToken stopping)
    {
        try
        {
            var isSource = BlockTarget.TryParse(subject, out var source);
            var meant = new LoginSessions(files)
                .All()
                .Where(s => isSource ? s.Address is { } from && source.Contains(BlockTarget.Of(from)) : s.User == subject)
                .DistinctBy(s => s.Process)
                .ToArray();
            var spared = order.Request.ExtraArguments.Contains("--administrators", StringComparer.Ordinal)
                ? []
                : meant.Where(s => Administrators.Holds(files, s.User)).ToArray();
            var ended = meant.Except(spared).ToArray();
            foreach (var session in ended)
                End(session.Process);

            return spared.Length > 0 && ended.Length == 0
                ? StockResult.Skipped($"{spared.Length} process(es) of sessions of administrators ({spared[0].User}) were left alone")
                : new StockResult(
                    EnforceOutcome.Enforced,
                    $"ended {ended.Length.ToString(CultureInfo.InvariantCulture)} process(es) of sessions"
                        + (spared.Length > 0 ? $"; {spared.Length} of administrators were left alone" : "")
                );
        }
        catch (IOException e)
        {
            return StockResult.Failed(e.Message);
        }
    }

    /// <inheritdoc/>
    public StockResult Delete(Order order, string subject, CancellationToken stopping) =>
        new(EnforceOutcome.Released, "a session that was ended stays so");

    private static void End(int process)
    {
        ProcessTree.Kill(process);
        ChildNative.Kill(process, ChildNative.SignalKill);
    }
}
