using System.Globalization;
using System.Text;
using Redoubt.Respond.NeverBlock;

namespace Redoubt.Respond.Scripts;

/// <summary><c>disable-account</c>: locks the password of the user that the alert names, and unlocks what it has locked itself.</summary>
/// <remarks>
/// The name is the attacker's to choose, so only accounts that exist here, belong to people and do not administer this host are touched:
/// never user id 0, below 1000 and members of sudo, wheel or adm only where <c>extra_args</c> ask for it (<c>--min-uid N</c>,
/// <c>--administrators</c>). An account that was locked before stays locked after: what was locked here stands in
/// <c>var/enforcer/locked</c>, written before the lock. Source: active-response.md section 4 [D].
/// </remarks>
internal sealed class DisableAccount(string home, HostFiles files) : IStockResponse
{
    private const int UsualMinUserId = 1000;
    private const int NobodyId = 65534;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string folder = Path.Join(home, "var", "enforcer", "locked");

    /// <inheritdoc/>
    public IReadOnlyList<string> Names { get; } = ["disable-account", "disable-account.sh"];

    /// <inheritdoc/>
    public bool IsUndone => true;

    /// <inheritdoc/>
    public string Subject(Order order, out string? problem)
    {
        var user = string.IsNullOrEmpty(order.Request.User) ? AlertFacts.Read(order.Request.AlertDocument).User : order.Request.User;
        problem = UserNames.IsOne(user) ? null : StockTexts.NoUser;
        return problem is null ? user : ScriptResult.OneLine(Encoding.UTF8.GetBytes(user));
    }

    /// <inheritdoc/>
    public StockResult Add(Order order, string subject, CancellationToken stopping)
    {
        try
        {
            if (WhyNot(subject, order.Request.ExtraArguments) is { } reason)
                return StockResult.Skipped(reason);
            if (IsLocked(subject, stopping, out var problem) is not { } isLocked)
                return StockResult.Failed(problem!);
            if (isLocked)
                return IsOurs(subject)
                    ? new StockResult(EnforceOutcome.Enforced, $"{subject} is locked")
                    : StockResult.Skipped($"{subject} was locked before and stays so");

            Note(subject);
            return Change("-l", subject, mustBeLocked: true, EnforceOutcome.Enforced, stopping);
        }
        catch (IOException e)
        {
            return StockResult.Failed(e.Message);
        }
    }

    /// <inheritdoc/>
    public StockResult Delete(Order order, string subject, CancellationToken stopping)
    {
        try
        {
            if (!IsOurs(subject))
                return new StockResult(EnforceOutcome.Released, $"{subject} was not locked by this response");

            var done = Change("-u", subject, mustBeLocked: false, EnforceOutcome.Released, stopping);
            if (done.Outcome == EnforceOutcome.Released)
                File.Delete(Path.Join(folder, subject));
            return done;
        }
        catch (IOException e)
        {
            return StockResult.Failed(e.Message);
        }
    }

    private string? WhyNot(string user, string[] arguments)
    {
        var account = HostFiles
            .ReadLines(files.Accounts)
            .Select(l => l.Split(':'))
            .FirstOrDefault(f => f.Length >= 4 && string.Equals(f[0], user, StringComparison.Ordinal));
        if (account is null || !long.TryParse(account[2], NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            return $"{user} is no account of this host";
        if (id == 0)
            return $"{user} has user id 0";
        if (id < MinUserId(arguments) || id == NobodyId)
            return $"{user} is an account of the system (user id {id.ToString(CultureInfo.InvariantCulture)})";

        return !arguments.Contains("--administrators", StringComparer.Ordinal) && Administrators.Holds(files, user)
            ? $"{user} administers this host"
            : null;
    }

    private static long MinUserId(string[] arguments)
    {
        var at = Array.IndexOf(arguments, "--min-uid");
        return
            at >= 0
            && at + 1 < arguments.Length
            && long.TryParse(arguments[at + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var asked)
            ? asked
            : UsualMinUserId;
    }

    private static StockResult Change(string option, string user, bool mustBeLocked, EnforceOutcome done, CancellationToken stopping)
    {
        var result = SystemTool.Run("passwd", [option, user], default, stopping, out var problem);
        if (result is null)
            return StockResult.Failed(problem!);

        // Believed only when the account says so itself.
        if (!result.Succeeded)
            return StockResult.Failed($"passwd {option}: {result.Summary}");
        return IsLocked(user, stopping, out problem) == mustBeLocked
            ? new StockResult(done, $"{user} is {(mustBeLocked ? "locked" : "unlocked")}")
            : StockResult.Failed(problem ?? $"passwd {option} ended well, but {user} is {(mustBeLocked ? "not locked" : "still locked")}");
    }

    private static bool? IsLocked(string user, CancellationToken stopping, out string? problem)
    {
        var output = new List<byte>();
        var result = SystemTool.Run("passwd", ["-S", user], default, stopping, out problem, output);
        if (result is null)
            return null;

        // "NAME L DATE …" on Debian, "NAME LK DATE …" on Red Hat.
        var words = Encoding.UTF8.GetString([.. output]).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (!result.Succeeded || words.Length < 2)
        {
            problem = $"passwd -S: {result.Summary}";
            return null;
        }

        return words[1] is "L" or "LK";
    }

    private bool IsOurs(string user) =>
        PosixFile.Look(folder) is { IsFolder: true } there
        && there.Owner == ChildNative.UserId()
        && PosixFile.Look(Path.Join(folder, user)) is { IsRegular: true } note
        && note.Owner == ChildNative.UserId();

    private void Note(string user)
    {
        HomeFolder.Make(home, "var", "enforcer", "locked");
        PosixFile.OpenForAppend(folder, user, OwnerOnly).Dispose();
    }
}
