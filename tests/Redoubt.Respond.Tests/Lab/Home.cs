namespace Redoubt.Tests.Respond.Lab;

/// <summary>A home folder of the test's own, with a queue that belongs to the user running the test.</summary>
internal sealed class Home : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("rdt-");

    internal Home() => folder.CreateSubdirectory("queue");

    internal string Path => folder.FullName;

    internal string SocketPath => System.IO.Path.Join(Path, "var", "run", "enforcer.sock");

    internal string LogPath => System.IO.Path.Join(Path, "logs", "active-responses.log");

    /// <summary>Writes a file, and the folders on the way to it.</summary>
    internal void Write(string name, string text)
    {
        var path = System.IO.Path.Join(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    internal string[] LogLines() => File.ReadAllLines(LogPath);

    public void Dispose() => folder.Delete(recursive: true);
}
