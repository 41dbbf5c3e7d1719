namespace Redoubt.Agent.Join;

/// <summary>A file that says that the manager refused this host's certificate: then a token at the next start is used, though there is a certificate.</summary>
/// <remarks>Without it a token is left alone, so that a service may be started with the same token file every time.</remarks>
internal static class RefusalNote
{
    private const string FileName = "refused";

    internal static bool Exists(string folder) => File.Exists(Path.Combine(folder, FileName));

    internal static void Write(string folder, string reason) => File.WriteAllText(Path.Combine(folder, FileName), reason + "\n");

    internal static void Remove(string folder) => File.Delete(Path.Combine(folder, FileName));
}
