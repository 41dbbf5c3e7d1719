using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Microsoft.Extensions.Logging;
using Redoubt.Config;
using Redoubt.Model;
using Redoubt.Store;
using Redoubt.Transport.Protocol;

namespace Redoubt.App.Manager;

/// <summary>The shared configuration of the fleet: <c>etc/shared/GROUP/agent.conf</c>, checked here, pushed when it changes.</summary>
/// <remarks>Files are looked at several times a second, which costs one system call a group and works on every file system.
/// A file with errors is reported and not pushed; the agents keep what they have. Threads: safe.</remarks>
internal sealed class SharedConfigurations(string folder, AgentRegistry agents, AgentSessions sessions, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(300);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, GroupFile> _groups = new(StringComparer.Ordinal);

    /// <summary>Makes the group that every agent belongs to.</summary>
    internal static void EnsureDefaultGroup(string folder)
    {
        var path = Path.Combine(folder, "default", "agent.conf");
        if (File.Exists(path))
            return;

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(
            path,
            "<agent_config>\n  <!-- What stands here is sent to every agent of the group \"default\". -->\n</agent_config>\n"
        );
    }

    /// <summary>Looks for changes until cancelled.</summary>
    internal async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(LookEvery, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping))
            {
                foreach (var session in sessions.All)
                    Offer(session);
            }
        }
        catch (OperationCanceledException)
        {
            // The manager ends.
        }
    }

    /// <summary>Sends an agent the configuration of its groups, when it does not have it.</summary>
    internal void Offer(AgentSession session)
    {
        var content = ContentFor(session.Groups);
        if (content.Length == 0)
            return;

        var hash = Convert.ToHexStringLower(SHA256.HashData(content));
        if (string.Equals(hash, session.ConfigSha256, StringComparison.Ordinal))
            return;

        session.ConfigSha256 = hash;
        session.Send(
            new ManagerMessage
            {
                Config = new SharedConfig { Sha256 = hash, Content = ByteString.CopyFrom(content) },
            }
        );
        log.LogInformation("Sent shared configuration {Hash} to agent {Agent}", hash[..12], session.Identity.Id);
    }

    /// <summary>Records whether an agent put it in force.</summary>
    internal void Take(AgentSession session, ConfigReport report)
    {
        agents.SetConfig(session.Identity.Id, report.Sha256, report.Applied, report.Applied ? null : report.Reason);
        if (!report.Applied)
            log.LogError("Agent {Agent} did not apply shared configuration: {Reason}", session.Identity.Id, report.Reason);
    }

    // One group: the file as it is. Several: one after the other, each with its name in front.
    private byte[] ContentFor(IReadOnlyList<string> groups)
    {
        if (groups.Count == 1)
            return Current(groups[0]);

        var all = new MemoryStream();
        foreach (var group in groups)
        {
            var content = Current(group);
            if (content.Length == 0)
                continue;

            all.Write(Encoding.UTF8.GetBytes($"<!-- Source file: {group}/agent.conf -->\n"));
            all.Write(content);
            all.WriteByte((byte)'\n');
        }

        return all.ToArray();
    }

    private byte[] Current(string group)
    {
        // A group's name comes from an administrator; it must still not leave the folder.
        if (group.Length == 0 || group.Contains('/', StringComparison.Ordinal) || group[0] == '.')
            return [];

        var path = Path.Combine(folder, group, "agent.conf");
        var info = new FileInfo(path);
        lock (_lock)
        {
            var known = _groups.GetValueOrDefault(group);
            if (!info.Exists)
                return known?.Content ?? [];

            if (known is not null && known.Written == info.LastWriteTimeUtc && known.Length == info.Length)
                return known.Content;

            return Read(path, group, info, known);
        }
    }

    private byte[] Read(string path, string group, FileInfo info, GroupFile? known)
    {
        byte[] content;
        try
        {
            content = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (known?.Problem is null)
                log.LogError("{Path} cannot be read ({Reason}); agents keep what they have", path, e.Message);

            _groups[group] = new GroupFile(known?.Content ?? [], default, -1, e.Message);
            return known?.Content ?? [];
        }

        var diagnostics = new DiagnosticBag();
        AgentConfReader.Read(content, path, null, diagnostics);
        foreach (var diagnostic in diagnostics.All.Where(d => d.Severity != Severity.Note))
            log.LogWarning("{Diagnostic}", diagnostic);

        if (diagnostics.HasErrors)
        {
            log.LogError("{Path} has errors and is not sent; agents keep what they have", path);
            content = known?.Content ?? [];
        }

        _groups[group] = new GroupFile(content, info.LastWriteTimeUtc, info.Length, null);
        return content;
    }

    private sealed record GroupFile(byte[] Content, DateTime Written, long Length, string? Problem);
}
