using Microsoft.Extensions.Logging;
using Redoubt.Config;
using Redoubt.Model;

namespace Redoubt.App.Manager;

/// <summary>The groups of the fleet, which are the folders of <c>etc/shared</c>, and the <c>agent.conf</c> of each, checked as soon as it changes.</summary>
/// <remarks>One system call a group and look. A file that changes is read when it has stood still from one look to the next, so that one that
/// is being written is not taken for a short one; one that goes away counts as gone after as long. Threads: safe.</remarks>
internal sealed class GroupFiles(string folder, ILogger log)
{
    private const string FileName = "agent.conf";

    private readonly Lock _lock = new();
    private readonly Dictionary<string, GroupFile> _known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (DateTime Written, long Length)> _moving = new(StringComparer.Ordinal);

    /// <summary>Names of all groups, in order.</summary>
    internal IReadOnlyList<string> Names() =>
        Directory.Exists(folder)
            ?
            [
                .. Directory
                    .EnumerateDirectories(folder)
                    .Select(f => Path.GetFileName(f)!)
                    .Where(FleetNames.IsGroup)
                    .Order(StringComparer.Ordinal),
            ]
            : [];

    internal bool Exists(string group) => FleetNames.IsGroup(group) && Directory.Exists(Path.Combine(folder, group));

    internal string PathOf(string group) => Path.Combine(folder, group, FileName);

    /// <summary>A group's file; one that is not known yet is read.</summary>
    internal GroupFile Of(string group)
    {
        lock (_lock)
            return _known.TryGetValue(group, out var known) ? known : _known[group] = First(group);
    }

    /// <summary>Looks at the files that are known.</summary>
    /// <returns>Whether one has another content now.</returns>
    internal bool Look()
    {
        var hasChanged = false;
        lock (_lock)
        {
            foreach (var (group, known) in _known.ToArray())
            {
                var now = StateOf(group);
                if (now == (known.Written, known.Length))
                {
                    _moving.Remove(group);
                }
                else if (_moving.TryGetValue(group, out var before) && before == now)
                {
                    _moving.Remove(group);
                    _known[group] = Read(group, now, known.Content);
                    hasChanged |= !ReferenceEquals(_known[group].Content, known.Content);
                }
                else
                {
                    _moving[group] = now;
                }
            }
        }

        return hasChanged;
    }

    private GroupFile First(string group)
    {
        // A group's name comes from an administrator; it must still not leave the folder.
        if (!FleetNames.IsGroup(group))
            return new GroupFile([], [], default, -1);

        return Read(group, StateOf(group), known: null);
    }

    private (DateTime Written, long Length) StateOf(string group)
    {
        var info = new FileInfo(PathOf(group));
        return info.Exists ? (info.LastWriteTimeUtc, info.Length) : (default, -1);
    }

    private GroupFile Read(string group, (DateTime Written, long Length) state, byte[]? known)
    {
        var path = PathOf(group);
        var diagnostics = new DiagnosticBag();
        byte[] content = [];
        try
        {
            if (state.Length >= 0)
            {
                content = File.ReadAllBytes(path);
                AgentConfReader.Read(content, path, host: null, diagnostics);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            diagnostics.Unreadable(path, "CONF0002", e);
        }

        Diagnostic[] problems = [.. diagnostics.All.Where(d => d.Severity != Severity.Note)];
        foreach (var problem in problems)
            log.Log(problem.Severity == Severity.Error ? LogLevel.Error : LogLevel.Warning, "{Problem}", problem);

        if (!diagnostics.HasErrors)
            return new GroupFile(content, problems, state.Written, state.Length);

        log.GroupFileBad(path, group);
        return new GroupFile(known, problems, state.Written, state.Length);
    }
}
