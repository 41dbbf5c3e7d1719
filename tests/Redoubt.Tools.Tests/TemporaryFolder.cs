using System.Text;

namespace Redoubt.Tests.Tools;

/// <summary>A folder for one test.</summary>
public abstract class TemporaryFolder : IDisposable
{
    protected const int Refused = 1;
    protected const int Usage = 2;
    protected const int Unreachable = 3;

    protected string Folder { get; } = Directory.CreateTempSubdirectory("redoubt-tools-").FullName;

    public void Dispose()
    {
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    protected string At(string name) => Path.Combine(Folder, name);

    protected string Write(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));

    protected string Write(string name, byte[] content)
    {
        var path = At(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
        return path;
    }

    /// <summary>A home with one firewall response to brute force.</summary>
    protected string Home(string mode, string whiteList = "127.0.0.1")
    {
        Write(
            "home/etc/redoubt.conf",
            $"""
            <redoubt_config>
              <global><mode>{mode}</mode><white_list>{whiteList}</white_list></global>
              <command><name>drop</name><executable>firewall-drop</executable><timeout_allowed>yes</timeout_allowed></command>
              <active-response>
                <command>drop</command><location>local</location><rules_group>authentication_failures</rules_group><timeout>600</timeout>
              </active-response>
            </redoubt_config>
            """
        );
        return At("home");
    }
}
