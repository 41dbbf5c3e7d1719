namespace Redoubt.Tests;

/// <summary>A file on a disk that is full: every write is refused by the kernel for want of room, until this ends and the file is there as before.</summary>
internal sealed class FullDisk : IDisposable
{
    private readonly string _path;

    private FullDisk(string path) => _path = path;

    internal static FullDisk At(string path)
    {
        if (File.Exists(path))
            File.Move(path, Aside(path));

        File.CreateSymbolicLink(path, "/dev/full");
        return new FullDisk(path);
    }

    public void Dispose()
    {
        File.Delete(_path);
        if (File.Exists(Aside(_path)))
            File.Move(Aside(_path), _path);
    }

    private static string Aside(string path) => path + "-aside";
}
