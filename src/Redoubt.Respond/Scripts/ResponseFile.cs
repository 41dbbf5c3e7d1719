using System.Globalization;

namespace Redoubt.Respond.Scripts;

/// <summary>Finds a response program in <c>active-response/bin</c> of the home, and says why one may not be run.</summary>
/// <remarks>
/// The enforcer runs it as root, so nobody but root may have been able to write it or to put another one in its place: the file and every folder
/// from the home down belong to root (or to the enforcer's own user), nobody else may write to them, and none is a link.
/// What was checked is what is run: only root could change it in between. Source: active-response.md 1.2 and section 8, defect 2.
/// </remarks>
internal static class ResponseFile
{
    internal const int MaxNameCharacters = 255;
    internal const string Folder = "active-response/bin";

    private const int WritableByOthers = 0x12;
    private const int Executable = 0x49;

    /// <summary>Says what is wrong with the name of a program.</summary>
    /// <returns>Null when it is one: path components below the folder, none of them <c>..</c>, no control character.</returns>
    internal static string? WhyNoName(string name)
    {
        if (name.Length is 0 or > MaxNameCharacters)
            return $"the name of a response program has 1 to {MaxNameCharacters} characters";
        if (name.Any(char.IsControl))
            return "the name of a response program has no control character";

        var parts = name.Split('/');
        return parts.Contains("..", StringComparer.Ordinal) ? $"'{name}' leaves {Folder}"
            : Array.Exists(parts, p => p is "" or ".") ? $"'{name}' is no path below {Folder}"
            : null;
    }

    /// <summary>Says why a program may not be run.</summary>
    /// <param name="home">The home.</param>
    /// <param name="name">A name that <see cref="WhyNoName"/> accepts.</param>
    /// <returns>Null when it may.</returns>
    internal static string? WhyNot(string home, string name)
    {
        try
        {
            var path = home;
            var parts = $"{Folder}/{name}".Split('/');
            foreach (var part in parts[..^1].Prepend(""))
            {
                path = Path.Join(path, part).TrimEnd('/');
                if (WhyNoFolder(path) is { } reason)
                    return reason;
            }

            return WhyNoProgram(Path.Join(path, parts[^1]));
        }
        catch (IOException e)
        {
            return e.Message;
        }
    }

    private static string? WhyNoFolder(string path)
    {
        if (PosixFile.Look(path) is not { } status)
            return $"{path} is not there";

        return status.IsFolder ? WhyUnsafe(path, status) : $"{path} is no folder (links are not followed)";
    }

    private static string? WhyNoProgram(string path)
    {
        if (PosixFile.Look(path) is not { } status)
            return $"{path} is not there";
        if (!status.IsRegular)
            return $"{path} is no plain file (links are not followed: put the file itself there)";
        if ((status.Mode & Executable) == 0)
            return $"{path} is not executable (chmod 750 makes it so)";

        return WhyUnsafe(path, status);
    }

    private static string? WhyUnsafe(string path, PosixFile.Status status)
    {
        if (status.Owner != 0 && status.Owner != ChildNative.UserId())
            return $"{path} belongs to user {status.Owner.ToString(CultureInfo.InvariantCulture)}, who could change what root runs (chown root)";

        return (status.Mode & WritableByOthers) == 0 ? null : $"{path} may be written by its group or by others (chmod go-w)";
    }
}
