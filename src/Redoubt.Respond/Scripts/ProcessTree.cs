using System.Globalization;

namespace Redoubt.Respond.Scripts;

/// <summary>Ends a program together with what it has started.</summary>
/// <remarks>
/// The process group first, which holds whatever a script usually starts; then the descendants that have made sessions of their own, found through
/// their parents, each stopped before its children are read so that none is missed. Only one whose parents have all ended before is out of reach:
/// the kernel no longer says whose it was.
/// </remarks>
internal static class ProcessTree
{
    private const int MaxProcesses = 4096;

    /// <summary>Ends the leader of a process group, the group, and all descendants.</summary>
    internal static void Kill(int leader)
    {
        ChildNative.Kill(-leader, ChildNative.SignalStop);
        var found = Descendants(leader);
        ChildNative.Kill(-leader, ChildNative.SignalKill);
        foreach (var process in found)
            ChildNative.Kill(process, ChildNative.SignalKill);
    }

    private static List<int> Descendants(int leader)
    {
        var found = new List<int>();
        var open = new Queue<int>([leader]);
        while (open.TryDequeue(out var parent) && found.Count < MaxProcesses)
        {
            foreach (var child in Children(parent))
            {
                ChildNative.Kill(child, ChildNative.SignalStop);
                found.Add(child);
                open.Enqueue(child);
            }
        }

        return found;
    }

    // A kernel without this file (CONFIG_PROC_CHILDREN) leaves the process group, which is most of it.
    private static List<int> Children(int process)
    {
        var children = new List<int>();
        var tasks = Path.Join("/proc", process.ToString(CultureInfo.InvariantCulture), "task");
        try
        {
            foreach (var task in Directory.GetDirectories(tasks))
            {
                var words = File.ReadAllText(Path.Join(task, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries);
                children.AddRange(words.Select(w => int.Parse(w, NumberStyles.None, CultureInfo.InvariantCulture)));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has just ended: its children, if any, are found through nobody any more.
        }

        return children;
    }
}
