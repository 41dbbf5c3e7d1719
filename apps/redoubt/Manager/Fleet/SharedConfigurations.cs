using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Microsoft.Extensions.Logging;
using Redoubt.Store;
using Redoubt.Transport.Protocol;

namespace Redoubt.App.Manager;

/// <summary>The shared configuration of the fleet: the <c>agent.conf</c> of an agent's groups, one after the other, pushed when a file or a membership changes.</summary>
/// <remarks>A file with errors is told and not pushed: what was valid before stays, and where nothing was, the agents keep what they have.
/// Threads: safe.</remarks>
internal sealed class SharedConfigurations(
    GroupFiles files,
    AgentRegistry agents,
    SharedConfigs contents,
    AgentSessions sessions,
    TimeProvider time,
    ILogger log
)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(300);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, MergedConfiguration?> _merged = new(StringComparer.Ordinal);

    /// <summary>Makes the group that every agent belongs to.</summary>
    internal static void EnsureDefaultGroup(string folder)
    {
        var path = Path.Combine(folder, AgentRegistry.DefaultGroup, "agent.conf");
        if (File.Exists(path))
            return;

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, TemplateFor(AgentRegistry.DefaultGroup));
    }

    /// <summary>What stands in the file of a new group.</summary>
    internal static string TemplateFor(string group) =>
        $"<agent_config>\n  <!-- What stands here is sent to every agent of the group \"{group}\". -->\n</agent_config>\n";

    /// <summary>Looks for changes until cancelled.</summary>
    internal async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(LookEvery, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping))
                Look();
        }
        catch (OperationCanceledException)
        {
            // The manager ends.
        }
    }

    /// <summary>Looks at the files once, and sends what has changed.</summary>
    internal void Look()
    {
        if (files.Look())
        {
            lock (_lock)
                _merged.Clear();
        }

        foreach (var session in sessions.All)
            Offer(session);
    }

    /// <summary>Sends an agent the configuration of its groups, when it does not have it.</summary>
    internal void Offer(AgentSession session)
    {
        if (WantedFor(session.Groups) is not { } wanted || string.Equals(wanted.Sha256, session.ConfigSha256, StringComparison.Ordinal))
            return;

        // Who never had one needs to hear of none.
        if (wanted.Content.Length == 0 && session.ConfigSha256.Length == 0)
            return;

        session.ConfigSha256 = wanted.Sha256;
        contents.Remember(wanted.Sha256, wanted.Content);
        session.Send(
            new ManagerMessage
            {
                Config = new SharedConfig { Sha256 = wanted.Sha256, Content = ByteString.CopyFrom(wanted.Content) },
            }
        );
        log.SharedSent(wanted.Sha256[..12], session.Identity.Id);
    }

    /// <summary>Records whether an agent put it in force.</summary>
    internal void Take(AgentSession session, ConfigReport report)
    {
        agents.SetConfig(
            session.Identity.Id,
            report.Sha256,
            report.Applied,
            report.Applied ? null : report.Reason,
            time.GetUtcNow().ToUnixTimeMilliseconds()
        );
        if (!report.Applied)
            log.SharedRefused(session.Identity.Id, report.Reason);
    }

    /// <summary>What agents of these groups shall run with; null when a file of them has errors and no valid content is known.</summary>
    internal MergedConfiguration? WantedFor(IReadOnlyList<string> groups)
    {
        var key = string.Join(',', groups);
        lock (_lock)
        {
            if (!_merged.TryGetValue(key, out var merged))
                _merged[key] = merged = Merge(groups);

            return merged;
        }
    }

    // One group: the file as it is. Several: one after the other, each with its name in front.
    private MergedConfiguration? Merge(IReadOnlyList<string> groups)
    {
        var all = new MemoryStream();
        foreach (var group in groups)
        {
            if (files.Of(group).Content is not { } content)
                return null;

            if (content.Length == 0)
                continue;

            if (groups.Count > 1)
                all.Write(Encoding.UTF8.GetBytes($"<!-- Source file: {group}/agent.conf -->\n"));

            all.Write(content);
            if (groups.Count > 1)
                all.WriteByte((byte)'\n');
        }

        var bytes = all.ToArray();
        return new MergedConfiguration(Convert.ToHexStringLower(SHA256.HashData(bytes)), bytes);
    }
}
