namespace Redoubt.Respond.NeverBlock;

/// <summary>Tells whether an account may administer this host: user id 0, or a member of <c>sudo</c>, <c>wheel</c> or <c>adm</c>.</summary>
/// <remarks>Reads the local account files. Accounts that come from a directory service are known by their group lines only.</remarks>
internal static class Administrators
{
    private static readonly string[] GroupNames = ["sudo", "wheel", "adm"];

    /// <summary>Whether the account of this name may.</summary>
    /// <exception cref="IOException">A file is there but cannot be read.</exception>
    internal static bool Holds(HostFiles files, string user)
    {
        if (string.IsNullOrEmpty(user))
            return false;

        var account = HostFiles
            .ReadLines(files.Accounts)
            .Select(l => l.Split(':'))
            .FirstOrDefault(f => f.Length >= 4 && string.Equals(f[0], user, StringComparison.Ordinal));
        if (account is not null && IsZero(account[2]))
            return true;

        return HostFiles
            .ReadLines(files.Groups)
            .Select(l => l.Split(':'))
            .Where(f => f.Length >= 4 && GroupNames.Contains(f[0], StringComparer.Ordinal))
            .Any(f =>
                f[3].TrimEnd('\r').Split(',').Contains(user, StringComparer.Ordinal)
                || (account is not null && string.Equals(f[2], account[3], StringComparison.Ordinal))
            );
    }

    private static bool IsZero(string id) => id.Length > 0 && id.All(c => c == '0');
}
