namespace Redoubt.Host;

/// <summary>One process of a kind a home: a lock that the kernel drops with the process.</summary>
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
            return new SingleInstance(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
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

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
