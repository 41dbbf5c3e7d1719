using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Redoubt.Lab;

/// <summary>Redoubt on two lab hosts, started as an administrator would: manager on 10.0.0.4, agent and enforcer on 10.0.0.5.</summary>
/// <remarks>The real programs of this checkout, as root in the hosts; they give root away themselves. Everything the tests
/// look at is what a user can look at: files of the homes, the command line, the kernel.</remarks>
public sealed class Deployment : IAsyncDisposable
{
    /// <summary>Configuration of a group that reads the log of responses, as the Wazuh documentation has it.</summary>
    public const string ReadsResponseLog = """
        <agent_config>
          <localfile>
            <log_format>syslog</log_format>
            <location>/var/ossec/logs/active-responses.log</location>
          </localfile>
        </agent_config>
        """;

    /// <summary>How often the programs are to beat, where a folder for notices is given.</summary>
    public const int WatchdogMicroseconds = 1_000_000;

    /// <summary>Name the agent enrols with.</summary>
    public const string AgentName = "web01";

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly LabNetwork _lab;
    private readonly ConcurrentQueue<LabProcess> _all = [];
    private int _managerDiskKiB;
    private string _managerDiskFolder = string.Empty;
    private string? _notifyFolder;

    private Deployment(LabNetwork lab, string managerHome, string agentHome) =>
        (_lab, ManagerHome, AgentHome) = (lab, managerHome, agentHome);

    /// <summary>Home of the manager; the same path on every host.</summary>
    public string ManagerHome { get; }

    /// <summary>Home of agent and enforcer.</summary>
    public string AgentHome { get; }

    /// <summary>The manager, once started.</summary>
    public LabProcess Manager { get; private set; } = null!;

    /// <summary>The agent, once started.</summary>
    public LabProcess Agent { get; private set; } = null!;

    /// <summary>The enforcer, once started.</summary>
    public LabProcess Enforcer { get; private set; } = null!;

    /// <summary>The manager's alerts, one JSON object a line.</summary>
    public string AlertsJson => Path.Combine(ManagerHome, "logs/alerts/alerts.json");

    /// <summary>The manager's alerts as text.</summary>
    public string AlertsLog => Path.Combine(ManagerHome, "logs/alerts/alerts.log");

    /// <summary>Every line the manager got.</summary>
    public string ArchivesLog => Path.Combine(ManagerHome, "logs/archives/archives.log");

    /// <summary>What was done on the agent's host.</summary>
    public string ResponseLog => Path.Combine(AgentHome, "logs/active-responses.log");

    /// <summary>Everything the programs said, for messages.</summary>
    public string Said => string.Join("\n\n", _all.Select(p => p.Said));

    /// <summary>Writes both configurations; starts nothing.</summary>
    public static async Task<Deployment> PrepareAsync(LabNetwork lab, DeploymentOptions? options = null)
    {
        options ??= new DeploymentOptions();
        var deployment = new Deployment(lab, Path.Combine(lab.Folder, "M"), Path.Combine(lab.Folder, "A"))
        {
            _managerDiskKiB = options.ManagerDiskKiB,
            _managerDiskFolder = options.ManagerDiskFolder,
            _notifyFolder = options.NotifyFolder,
        };
        await WriteAsync(
            Path.Combine(deployment.ManagerHome, "etc/redoubt.conf"),
            $"""
            <ossec_config>
              <global>
                <jsonout_output>yes</jsonout_output>
                <email_notification>no</email_notification>
                <logall>yes</logall>
                {options.Global}
              </global>
            </ossec_config>

            <ossec_config>
              <command>
                <name>firewall-drop</name>
                <executable>firewall-drop</executable>
                <expect>srcip</expect>
                <timeout_allowed>yes</timeout_allowed>
              </command>

              <active-response>
                <command>firewall-drop</command>
                <location>local</location>
                <rules_id>5712</rules_id>
                <timeout>{options.TimeoutSeconds}</timeout>
              </active-response>
              {options.Manager}
            </ossec_config>

            """
        );
        await WriteAsync(
            Path.Combine(deployment.AgentHome, "etc/redoubt.conf"),
            $"""
            <ossec_config>
              <localfile>
                <log_format>syslog</log_format>
                <location>{Sshd.LogFile}</location>
              </localfile>
              {options.Agent}
            </ossec_config>

            """
        );
        if (options.Shared is { } shared)
            await deployment.WriteSharedAsync(shared);

        return deployment;
    }

    /// <summary>Writes both configurations, starts the three programs, enrols the agent and waits until all is up.</summary>
    public static async Task<Deployment> StartAsync(LabNetwork lab, DeploymentOptions? options = null)
    {
        var deployment = await PrepareAsync(lab, options);
        try
        {
            await deployment.StartAllAsync();
            return deployment;
        }
        catch (Exception exception)
        {
            var said = deployment.Said;
            await deployment.DisposeAsync();
            throw new InvalidOperationException($"{exception.Message}\n{said}", exception);
        }
    }

    /// <summary>Starts the three programs for the first time, enrols the agent and waits until all is up.</summary>
    public async Task StartAllAsync()
    {
        await StartManagerAsync();
        await StartEnforcerAsync();
        await StartAgentAsync(await NewTokenFileAsync());
        await WaitUntilUpAsync();
    }

    /// <summary>Writes rules of the manager's owner.</summary>
    public Task WriteRulesAsync(string text) => WriteAsync(Path.Combine(ManagerHome, "etc/rules/local_rules.xml"), text + "\n");

    /// <summary>Writes the <c>agent.conf</c> of the group <c>default</c> on the manager.</summary>
    public Task WriteSharedAsync(string text) => WriteAsync(Path.Combine(ManagerHome, "etc/shared/default/agent.conf"), text + "\n");

    /// <summary>Starts the manager and waits for its ready line.</summary>
    public async Task StartManagerAsync()
    {
        string[] words = ["manager", "--home", ManagerHome, "--listen", $"{_lab.Manager.IPv4}:7514"];
        if (_managerDiskKiB == 0)
        {
            Manager = await StartAsync(_lab.Manager, "ready manager", words);
            return;
        }

        // Every process of a lab host has a mount namespace of its own, so the disk ends with the manager.
        var folder = Path.Combine(ManagerHome, _managerDiskFolder);
        Directory.CreateDirectory(folder);
        var script =
            $"mount -t tmpfs -o size={_managerDiskKiB}k none {folder} && : > {folder}/{DiskMark} && exec {Checkout.Redoubt} \"$@\"";
        Manager = _lab.Manager.Start("/bin/sh", ["-c", script, "sh", .. words]);
        _all.Enqueue(Manager);
        await Manager.WaitForLineAsync("ready manager", StartLimit);
    }

    private const string DiskMark = "disk-of-its-own";

    /// <summary>The folder on the manager's disk as its process sees it, from outside of its mount namespace.</summary>
    public string ManagerDisk =>
        Directory
            .EnumerateDirectories("/proc")
            .Where(p => int.TryParse(Path.GetFileName(p), out _))
            .Select(p => Path.Combine(p, "root" + ManagerHome, _managerDiskFolder))
            .First(f => File.Exists(Path.Combine(f, DiskMark)));

    /// <summary>Starts the enforcer and waits for its ready line.</summary>
    public async Task StartEnforcerAsync() => Enforcer = await StartAsync(_lab.Agent, "ready enforcer", "enforcer", "--home", AgentHome);

    /// <summary>Starts the agent and waits for its ready line.</summary>
    /// <param name="tokenFile">File with the token to enrol with; null when it has enrolled before.</param>
    public async Task StartAgentAsync(string? tokenFile = null)
    {
        string[] words = ["agent", "--home", AgentHome];
        if (tokenFile is not null)
            words = [.. words, "--manager", _lab.Manager.IPv4.ToString(), "--token-file", tokenFile, "--name", AgentName];

        Agent = await StartAsync(_lab.Agent, "ready agent", words);
    }

    /// <summary>Puts a response program on the agent's host.</summary>
    public async Task PutProgramAsync(string name, string text)
    {
        var path = Path.Combine(AgentHome, "active-response/bin", name);
        await WriteAsync(path, text.ReplaceLineEndings("\n"));
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Waits until manager, agent and enforcer work together.</summary>
    public async Task WaitUntilUpAsync()
    {
        var status = await RedoubtAsync("status", "--home", ManagerHome, "--wait", "30");
        if (!status.Succeeded)
            throw new InvalidOperationException($"redoubt status --wait 30: {status}");
    }

    /// <summary>Runs a verb of the command line on the manager's host.</summary>
    public Task<CommandResult> RedoubtAsync(params IEnumerable<string> words) => _lab.Manager.RunAsync(Checkout.Redoubt, words);

    /// <summary>Gets a token from the manager and puts it into a file that the agent's host can read.</summary>
    public async Task<string> NewTokenFileAsync()
    {
        var token = await RedoubtAsync("agents", "token", "--home", ManagerHome);
        if (!token.Succeeded || token.Output.Trim().Length == 0)
            throw new InvalidOperationException($"redoubt agents token: {token}");

        var file = Path.Combine(_lab.Folder, "token");
        await File.WriteAllTextAsync(file, token.Output);
        return file;
    }

    /// <summary>What <c>redoubt blocks list --json</c> prints, one element an object.</summary>
    public async Task<IReadOnlyList<JsonElement>> BlocksAsync() => await ListAsync("blocks", "list", "--home", ManagerHome, "--json");

    /// <summary>The same with blocks that are over.</summary>
    public async Task<IReadOnlyList<JsonElement>> NewestBlocksAsync() =>
        await ListAsync("blocks", "list", "--history", "--home", ManagerHome, "--json");

    /// <summary>What <c>redoubt agents list --json</c> prints.</summary>
    public async Task<IReadOnlyList<JsonElement>> AgentsAsync() => await ListAsync("agents", "list", "--home", ManagerHome, "--json");

    /// <summary>Waits for the block of an address in the ledger, in one state on the agent's host.</summary>
    public Task<JsonElement> WaitForStateAsync(IPAddress target, string state, TimeSpan within) =>
        WaitForBlockAsync(
            block =>
                Text(block, "target") == target.ToString()
                && block.GetProperty("hosts").EnumerateArray().Any(h => Text(h, "state") == state),
            $"'redoubt blocks list --json' shows {target} as {state}",
            within
        );

    /// <summary>Releases a block through the command line.</summary>
    public async Task RemoveBlockAsync(IPAddress target, params IEnumerable<string> options)
    {
        var removed = await RedoubtAsync(["blocks", "remove", target.ToString(), "--home", ManagerHome, .. options]);
        if (!removed.Succeeded)
            throw new InvalidOperationException($"redoubt blocks remove {target}: {removed}");
    }

    /// <summary>Alerts written so far.</summary>
    public async Task<IReadOnlyList<JsonElement>> AlertsAsync() =>
        [.. (await Wait.LinesAsync(AlertsJson)).Select(l => JsonSerializer.Deserialize<JsonElement>(l))];

    /// <summary>Waits for an alert of a rule, about an address if one is given; the newest one.</summary>
    public async Task<JsonElement> WaitForAlertAsync(string rule, IPAddress? source, TimeSpan within)
    {
        var found = await Wait.ForAsync(
            async () => (await AlertsAsync()).Where(a => IsOf(a, rule, source)).Select(a => new Box(a)).LastOrDefault(),
            $"alert {rule}{(source is null ? "" : $" about {source}")} in {AlertsJson}",
            within
        );
        return found.Value;
    }

    /// <summary>Whether an alert is of a rule, and about an address if one is given.</summary>
    public static bool IsOf(JsonElement alert, string rule, IPAddress? source = null) =>
        alert.TryGetProperty("rule", out var of)
        && Text(of, "id") == rule
        && (source is null || (alert.TryGetProperty("data", out var data) && Text(data, "srcip") == source.ToString()));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var process in _all)
            await process.DisposeAsync();
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static async Task WriteAsync(string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file, text);
    }

    private async Task<JsonElement> WaitForBlockAsync(Func<JsonElement, bool> check, string what, TimeSpan within)
    {
        var found = await Wait.ForAsync(
            async () => (await BlocksAsync()).Where(check).Select(b => new Box(b)).LastOrDefault(),
            what,
            within
        );
        return found.Value;
    }

    private async Task<LabProcess> StartAsync(LabHost host, string ready, params string[] words)
    {
        var process = _notifyFolder is null
            ? host.Start(Checkout.Redoubt, words)
            : host.Start(
                "/usr/bin/env",
                [
                    $"NOTIFY_SOCKET={Path.Combine(_notifyFolder, words[0])}",
                    string.Create(CultureInfo.InvariantCulture, $"WATCHDOG_USEC={WatchdogMicroseconds}"),
                    Checkout.Redoubt,
                    .. words,
                ]
            );
        _all.Enqueue(process);
        await process.WaitForLineAsync($"^{ready}$", StartLimit);
        return process;
    }

    private async Task<IReadOnlyList<JsonElement>> ListAsync(params string[] words)
    {
        var listed = await RedoubtAsync(words);
        if (!listed.Succeeded)
            throw new InvalidOperationException($"redoubt {string.Join(' ', words)}: {listed}");

        return
        [
            .. listed.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonSerializer.Deserialize<JsonElement>(l)),
        ];
    }

    private sealed record Box(JsonElement Value);
}
