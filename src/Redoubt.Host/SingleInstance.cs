using System.Globalization;

namespace Redoubt.Host;

/// <summary>One process of a kind a home: a lock that the kernel drops with the process. A file beside it holds its process id.</summary>
public sealed class SingleInstance : IDisposable
{
    private readonly FileStream _file;

    private SingleInstance(FileStream file) => _file = file;

    /// <summary>Takes the lock.</summary>
    /// <exception cref="StartException">Another process holds it.</exception>
    public static SingleInstance Take(string path, string process)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            File.WriteAllText(IdFileOf(path), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return new SingleInstance(file);
        }
        catch (IOException e)
        {
            throw new StartException(
                $"Another {process} uses this home ({path} is locked: {e.Message}) End it first.",
                StartException.Refused
            );
        }
        catch (UnauthorizedAccessException e)
        {
            throw new StartException(
                $"{path} cannot be written: {e.Message} Start as the user who owns it, or as root.",
                StartException.Unreachable
            );
        }
    }

    /// <summary>The process that holds a lock.</summary>
    /// <returns>Its id; null when nobody holds it, or this user may not look.</returns>
    public static int? HolderOf(string path)
    {
        try
        {
            // Whoever gets the lock has found that nobody holds it.
            using var free = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            return null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            return null;
        }
        catch (IOException)
        {
            // Another process holds it: the expected answer.
        }

        return int.TryParse(File.ReadAllText(IdFileOf(path)), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
    }

    // A locked file cannot even be read by others.
    private static string IdFileOf(string path) => Path.ChangeExtension(path, ".pid");

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
