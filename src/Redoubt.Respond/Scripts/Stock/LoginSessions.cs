using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Text;
using Redoubt.Respond.NeverBlock;

namespace Redoubt.Respond.Scripts;

/// <summary>The login sessions of this host with the processes that hold them: from the table of logins, from systemd-logind, and from sshd itself,
/// which keeps sessions without a terminal in no table.</summary>
/// <remarks>Read anew at each question; cost: one look at every process of sshd.</remarks>
internal sealed class LoginSessions(HostFiles files)
{
    private const int UtmpEntryBytes = 384;
    private const short UserProcess = 7;
    private const string Established = "01";

    /// <summary>All of them; a process may come more than once.</summary>
    /// <exception cref="IOException">The host's files cannot be read.</exception>
    internal IEnumerable<LoginProcess> All()
    {
        var names = Accounts();
        return LoginTable().Concat(Logind()).Where(s => IsThere(s, names)).Concat(OfSshd(names));
    }

    private Dictionary<uint, string> Accounts()
    {
        var names = new Dictionary<uint, string>();
        foreach (var fields in HostFiles.ReadLines(files.Accounts).Select(l => l.Split(':')).Where(f => f.Length >= 4))
        {
            if (uint.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out var id))
                names.TryAdd(id, fields[0]);
        }

        return names;
    }

    // A table may be older than the process of that number: it has to belong to the user, or to root as the login program does.
    private bool IsThere(LoginProcess session, Dictionary<uint, string> names) =>
        session.Process > 1
        && PosixFile.Look(Proc(session.Process)) is { } status
        && (status.Owner == 0 || names.GetValueOrDefault(status.Owner) == session.User);

    // struct utmp of glibc: see NeverBlock/UtmpFile.cs.
    private IEnumerable<LoginProcess> LoginTable()
    {
        var table = HostFiles.ReadOrEmpty(files.Logins);
        for (var at = 0; at + UtmpEntryBytes <= table.Length; at += UtmpEntryBytes)
        {
            if (Entry(table.AsSpan(at, UtmpEntryBytes)) is { } session)
                yield return session;
        }
    }

    private static LoginProcess? Entry(ReadOnlySpan<byte> entry)
    {
        if (BinaryPrimitives.ReadInt16LittleEndian(entry) != UserProcess)
            return null;

        var user = entry.Slice(44, 32);
        var end = user.IndexOf((byte)0);
        var address = entry.Slice(348, 16);
        var isIPv4 = !address[4..].ContainsAnyExcept((byte)0);
        return new LoginProcess(
            Encoding.UTF8.GetString(end < 0 ? user : user[..end]),
            address.ContainsAnyExcept((byte)0) ? new IPAddress(isIPv4 ? address[..4] : address) : null,
            BinaryPrimitives.ReadInt32LittleEndian(entry[4..])
        );
    }

    private IEnumerable<LoginProcess> Logind()
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
                yield return new LoginProcess(
                    user,
                    IPAddress.TryParse(values["REMOTE_HOST"].FirstOrDefault(), out var from) ? from : null,
                    leader
                );
        }
    }

    // The processes of one connection share its socket: one of root's, and after the login one of the user's.
    private IEnumerable<LoginProcess> OfSshd(Dictionary<uint, string> names)
    {
        var remotes = Remotes("net/tcp").Concat(Remotes("net/tcp6")).DistinctBy(r => r.Socket).ToDictionary(r => r.Socket, r => r.From);
        var holders = Directory
            .GetDirectories(files.Processes)
            .Select(p => int.TryParse(Path.GetFileName(p), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id > 1 && IsSshd(id))
            .SelectMany(id =>
                Sockets(id).Where(remotes.ContainsKey).Select(s => (Socket: s, Process: id, Owner: PosixFile.Look(Proc(id))?.Owner))
            );
        foreach (var connection in holders.GroupBy(h => h.Socket).ToArray())
        {
            var owner = connection.Select(h => h.Owner).FirstOrDefault(o => o is > 0) ?? 0;
            var user = names.GetValueOrDefault(owner) ?? owner.ToString(CultureInfo.InvariantCulture);
            foreach (var holder in connection)
                yield return new LoginProcess(user, remotes[connection.Key], holder.Process);
        }
    }

    private bool IsSshd(int process)
    {
        try
        {
            return File.ReadAllText(Path.Join(Proc(process), "comm")).TrimEnd('\n') is "sshd" or "sshd-session" or "sshd-auth";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has just ended.
            return false;
        }
    }

    private IEnumerable<string> Sockets(int process)
    {
        string[] open;
        try
        {
            open = Directory.GetFileSystemEntries(Path.Join(Proc(process), "fd"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has just ended.
            yield break;
        }

        const string socket = "socket:[";
        foreach (var file in open)
        {
            if (new FileInfo(file).LinkTarget is { } target && target.StartsWith(socket, StringComparison.Ordinal))
                yield return target[socket.Length..^1];
        }
    }

    // "sl local remote state … inode", addresses as 32 bit words in the machine's order: see proc(5).
    private IEnumerable<(string Socket, IPAddress From)> Remotes(string table)
    {
        foreach (var line in HostFiles.ReadLines(Path.Join(files.Processes, table)).Skip(1))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 9 && words[3] == Established && Address(words[2]) is { } from)
                yield return (words[9], from);
        }
    }

    private static IPAddress? Address(string text)
    {
        var digits = text.Split(':')[0];
        if (digits.Length is not (8 or 32))
            return null;

        var bytes = Convert.FromHexString(digits);
        if (BitConverter.IsLittleEndian)
        {
            for (var i = 0; i < bytes.Length; i += 4)
                bytes.AsSpan(i, 4).Reverse();
        }

        return new IPAddress(bytes);
    }

    private string Proc(int process) => Path.Join(files.Processes, process.ToString(CultureInfo.InvariantCulture));
}
