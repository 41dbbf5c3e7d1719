namespace Redoubt.Respond;

/// <summary>Folders of the home that the enforcer makes where they are missing.</summary>
internal static class HomeFolder
{
    private const UnixFileMode Mode =
        UnixFileMode.UserRead
        | UnixFileMode.UserWrite
        | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead
        | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead
        | UnixFileMode.OtherExecute;

    /// <summary>Makes a folder and those above it, owned like the home, so that the agent's user works with them.</summary>
    /// <param name="home">The home, which is there.</param>
    /// <param name="names">Names of the folders, from the home down.</param>
    /// <returns>What the last one is now.</returns>
    /// <exception cref="IOException">One cannot be made, or is no folder.</exception>
    internal static PosixFile.Status Make(string home, params ReadOnlySpan<string> names)
    {
        var owner = PosixFile.Look(home) ?? throw new IOException($"{home} is not there");
        var path = home;
        var status = owner;
        foreach (var name in names)
        {
            path = Path.Join(path, name);
            if (PosixFile.Look(path) is null)
            {
                var making = path;
                PosixFile.ActAs(owner.Owner, owner.Group, UnixFileMode.None, () => PosixFile.MakeFolder(making, Mode));
            }

            status = PosixFile.Look(path) ?? throw new IOException($"{path} could not be made");
            if (!status.IsFolder)
                throw new IOException($"{path} is not a folder; the enforcer follows no link there");
        }

        return status;
    }
}
