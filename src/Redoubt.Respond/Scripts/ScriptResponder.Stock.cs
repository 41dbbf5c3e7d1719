using System.Diagnostics;

namespace Redoubt.Respond.Scripts;

// The responses of our own: the same lanes, keys and records, without a program.
internal sealed partial class ScriptResponder
{
    private EnforceReply RunStock(IStockResponse own, Order order, string holder)
    {
        var subject = own.Subject(order, out var problem);
        if (problem is not null)
            return Refuse(order, problem);
        if (WhyProtected(order) is { } why)
            return Skip(order, why);

        var started = Stopwatch.GetTimestamp();
        var key = ActiveKeys.Of(order.Program, [subject]);
        var isRenewed = own.IsUndone && order.Request.DurationMilliseconds > 0 && !keys.Take(key, holder);
        var result = own.Add(order, subject, stopping.Token);
        if (result.Outcome != EnforceOutcome.Enforced)
            keys.Release(holder);

        var action =
            result.Outcome == EnforceOutcome.Skipped ? ResponseAction.Skip
            : isRenewed ? ResponseAction.Refresh
            : ResponseAction.Add;
        return FinishStock(own, order, subject, action, result, started) with
        {
            Key = own.IsUndone ? key : null,
            NeedsUndo = own.IsUndone && result.Outcome == EnforceOutcome.Enforced,
            RemainingMilliseconds = result.Outcome == EnforceOutcome.Enforced ? Remaining(order) : 0,
        };
    }

    private EnforceReply UndoStock(IStockResponse own, Order order)
    {
        var started = Stopwatch.GetTimestamp();
        var subject = own.Subject(order, out var problem);
        return problem is null
            ? FinishStock(own, order, subject, ResponseAction.Delete, own.Delete(order, subject, stopping.Token), started)
            : Refuse(order, problem);
    }

    private EnforceReply FinishStock(
        IStockResponse own,
        Order order,
        string subject,
        ResponseAction action,
        StockResult result,
        long started
    )
    {
        var isDone = result.Outcome is EnforceOutcome.Enforced or EnforceOutcome.Released;
        var entry = EntryOf(order, action) with
        {
            Target = subject,
            HasKeys = own.IsUndone,
            Took = Stopwatch.GetElapsedTime(started),
            Error = isDone ? null : result.Text ?? "it failed and gave no reason",
        };
        var notLogged = WriteLog(entry);
        if (isDone)
            Log.Ran(logger, order.Program, action, subject, result.Text ?? "done");
        else if (result.Outcome == EnforceOutcome.Skipped)
            Log.Skipped(logger, order.Program, subject, result.Text ?? "");
        else
            Log.Failed(logger, order.Program, action, subject, result.Text ?? "");
        return Reply(order, result.Outcome, Join(result.Text, notLogged)) with { TookMilliseconds = (long)entry.Took.TotalMilliseconds };
    }
}
