namespace Redoubt.Transport.Certificates;

/// <summary>Writes a file that only its user can read, whole or not at all.</summary>
public static class PrivateFile
{
    /// <summary>Replaces the file's content; mode 0600 from the first byte on.</summary>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static void Write(string path, string text)
    {
        var temporary = path + ".new";
        File.Delete(temporary);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using (var stream = new FileStream(temporary, options))
        {
            stream.Write(System.Text.Encoding.UTF8.GetBytes(text));
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }
}
