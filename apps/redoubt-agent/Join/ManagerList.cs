using Redoubt.Transport.Link;

namespace Redoubt.Agent.Join;

/// <summary>The managers of the last start, so that later starts need only the home.</summary>
internal static class ManagerList
{
    private const string FileName = "managers";

    internal static void Save(string folder, IEnumerable<ManagerAddress> managers) =>
        File.WriteAllLines(Path.Combine(folder, FileName), managers.Select(m => m.ToString()));

    internal static IReadOnlyList<ManagerAddress>? Load(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            return null;

        var managers = File.ReadAllLines(path).Select(l => ManagerAddress.Parse(l)).OfType<ManagerAddress>().ToArray();
        return managers.Length == 0 ? null : managers;
    }
}
