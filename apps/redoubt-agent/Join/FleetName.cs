namespace Redoubt.Agent.Join;

/// <summary>The name that the manager gave this host: <c>agent.conf</c> is filtered by it, also while the manager is away.</summary>
internal static class FleetName
{
    private const string FileName = "name";

    internal static void Save(string folder, string name) => File.WriteAllText(Path.Combine(folder, FileName), name + "\n");

    /// <summary>Null when the manager has not told it yet.</summary>
    internal static string? Load(string folder)
    {
        var path = Path.Combine(folder, FileName);
        return File.Exists(path) && File.ReadAllText(path).Trim() is { Length: > 0 } name ? name : null;
    }
}
