using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Text;
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
    private const int UtmpEntryBytes = 384;
    private const short UserProcess = 7;

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
            var meant = Sessions()
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
                ? StockResult.Skipped($"{spared.Length} session(s) of administrators ({spared[0].User}) were left alone")
                : new StockResult(
                    EnforceOutcome.Enforced,
                    $"ended {ended.Length.ToString(CultureInfo.InvariantCulture)} session(s)"
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

    private IEnumerable<Session> Sessions() => LoginTable().Concat(LogindSessions()).Where(IsThere);

    // A table may be older than the process of that number: it has to belong to the user, or to root as the login program does.
    private bool IsThere(Session session)
    {
        var process = Path.Join(files.Processes, session.Process.ToString(CultureInfo.InvariantCulture));
        if (session.Process <= 1 || PosixFile.Look(process) is not { } status)
            return false;

        var account = HostFiles
            .ReadLines(files.Accounts)
            .Select(l => l.Split(':'))
            .FirstOrDefault(f => f.Length >= 4 && string.Equals(f[0], session.User, StringComparison.Ordinal));
        return status.Owner == 0 || account?[2] == status.Owner.ToString(CultureInfo.InvariantCulture);
    }

    // struct utmp of glibc: see NeverBlock/UtmpFile.cs.
    private IEnumerable<Session> LoginTable()
    {
        var table = HostFiles.ReadOrEmpty(files.Logins);
        for (var at = 0; at + UtmpEntryBytes <= table.Length; at += UtmpEntryBytes)
        {
            if (Entry(table.AsSpan(at, UtmpEntryBytes)) is { } session)
                yield return session;
        }
    }

    private static Session? Entry(ReadOnlySpan<byte> entry)
    {
        if (BinaryPrimitives.ReadInt16LittleEndian(entry) != UserProcess)
            return null;

        var user = entry.Slice(44, 32);
        var end = user.IndexOf((byte)0);
        var address = entry.Slice(348, 16);
        var isIPv4 = !address[4..].ContainsAnyExcept((byte)0);
        return new Session(
            Encoding.UTF8.GetString(end < 0 ? user : user[..end]),
            address.ContainsAnyExcept((byte)0) ? new IPAddress(isIPv4 ? address[..4] : address) : null,
            BinaryPrimitives.ReadInt32LittleEndian(entry[4..])
        );
    }

    private IEnumerable<Session> LogindSessions()
    {
        if (!Directory.Exists(files.Sessions))
            yield break;

        // The .ref files are pipes and must not be opened.
        foreach (var path in Directory.GetFiles(files.Sessions).Where(p => !p.EndsWith(".ref", StringComparison.Ordinal)))
        {
            var values = HostFiles.ReadLines(path).Select(l => l.Split('=', 2)).Where(p => p.Length == 2).ToLookup(p => p[0], p => p[1]);
            if (
                values["USER"].FirstOrDefault() is { } user
                && int.TryParse(values["LEADER"].FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out var leader)
            )
                yield return new Session(
                    user,
                    IPAddress.TryParse(values["REMOTE_HOST"].FirstOrDefault(), out var from) ? from : null,
                    leader
                );
        }
    }

    private sealed record Session(string User, IPAddress? Address, int Process);
}
