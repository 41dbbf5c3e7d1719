using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Redoubt.Transport.Certificates;

/// <summary>A file that only its user can read: written whole or not at all, and read with a clear word when it is damaged.</summary>
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

    /// <summary>Reads a certificate with its key from one file.</summary>
    /// <exception cref="CryptographicException">The file is damaged, or the key is that of another certificate.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static X509Certificate2 ReadCertificate(string path)
    {
        var pem = File.ReadAllText(path);
        try
        {
            return X509Certificate2.CreateFromPem(pem, pem);
        }
        catch (ArgumentException e)
        {
            throw new CryptographicException($"{path} is damaged: {e.Message}", e);
        }
        catch (CryptographicException e)
        {
            throw new CryptographicException($"{path} is damaged: {e.Message}", e);
        }
    }
}
