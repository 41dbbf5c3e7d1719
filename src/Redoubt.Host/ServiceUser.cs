using System.Globalization;

namespace Redoubt.Host;

/// <summary>The user that manager and agent run as.</summary>
/// <param name="Name">As given or found; a number for the fixed id.</param>
/// <param name="UserId">uid.</param>
/// <param name="GroupId">gid.</param>
/// <param name="Groups">Further groups that may read logs.</param>
public sealed record ServiceUser(string Name, uint UserId, uint GroupId, IReadOnlyList<uint> Groups)
{
    /// <summary>The id used where no user <c>redoubt</c> exists: in the range that distributions leave to services.</summary>
    public const uint FixedId = 61_984;

    /// <summary>Group of people who may use the manager's local API.</summary>
    public const string GroupName = "redoubt";

    /// <summary>Finds the user to run as.</summary>
    /// <param name="wanted">Name or number from <c>--user</c>; null: <c>redoubt</c> if it exists, else <see cref="FixedId"/>.</param>
    /// <exception cref="StartException">There is no such user.</exception>
    public static ServiceUser Find(string? wanted)
    {
        var logGroups = new[] { "adm", "systemd-journal" }.Select(FindGroup).OfType<uint>().ToArray();
        var entry = Lines("/etc/passwd").FirstOrDefault(p => string.Equals(p[0], wanted ?? "redoubt", StringComparison.Ordinal));
        if (
            entry is { Length: >= 4 }
            && uint.TryParse(entry[2], CultureInfo.InvariantCulture, out var uid)
            && uint.TryParse(entry[3], CultureInfo.InvariantCulture, out var gid)
        )
            return new ServiceUser(entry[0], uid, gid, logGroups);

        if (wanted is null)
            return new ServiceUser(FixedId.ToString(CultureInfo.InvariantCulture), FixedId, FixedId, logGroups);

        if (uint.TryParse(wanted, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return new ServiceUser(wanted, number, number, logGroups);

        throw new StartException($"There is no user '{wanted}'. Create it, or leave --user away.", StartException.Unreachable);
    }

    /// <summary>The id of a group; null when there is none of that name.</summary>
    public static uint? FindGroup(string name) =>
        Lines("/etc/group").FirstOrDefault(g => string.Equals(g[0], name, StringComparison.Ordinal)) is { Length: >= 3 } found
        && uint.TryParse(found[2], CultureInfo.InvariantCulture, out var gid)
            ? gid
            : null;

    /// <summary>Whether a user is in a group, by its main group or by name.</summary>
    public static bool IsMember(uint userId, string group)
    {
        var entry = Lines("/etc/group").FirstOrDefault(g => string.Equals(g[0], group, StringComparison.Ordinal));
        if (entry is not { Length: >= 3 })
            return false;

        var user = Lines("/etc/passwd").FirstOrDefault(p => p.Length >= 4 && p[2] == userId.ToString(CultureInfo.InvariantCulture));
        return user is not null
            && (string.Equals(user[3], entry[2], StringComparison.Ordinal) || (entry.Length > 3 && entry[3].Split(',').Contains(user[0])));
    }

    private static IEnumerable<string[]> Lines(string path) => File.Exists(path) ? File.ReadLines(path).Select(l => l.Split(':')) : [];
}
