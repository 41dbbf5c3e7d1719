using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Redoubt.Lab;

/// <summary>Numbered lines are written on the agent's host while processes are killed and stopped, the link fails and the log is rotated;
/// then each line must have raised exactly one alert.</summary>
public sealed class FaultRun
{
    private const string Rules = """
        <group name="faults,">
          <rule id="100200" level="5">
            <program_name>^numbered$</program_name>
            <description>A numbered line</description>
          </rule>
        </group>
        """;

    private const string CopiedLog = "/var/log/copied.log";

    // Until everything that waits has been sent, on a machine that is shared.
    private static readonly TimeSpan LongestCatchUp = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LongestTurn = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestPauseBetweenWrites = TimeSpan.FromMilliseconds(20);

    private readonly LabNetwork _lab;
    private readonly Deployment _redoubt;
    private readonly FaultOptions _options;
    private readonly NumberedLog _renamed;
    private readonly NumberedLog _copied;
    private int _written;
    private readonly AlertTally _alerts;
    private readonly Dictionary<string, Task> _underWay = new(StringComparer.Ordinal);
    private readonly Dictionary<FaultKind, int> _struck = [];
    private readonly StringBuilder _history = new();

    private FaultRun(LabNetwork lab, Deployment redoubt, FaultOptions options)
    {
        _lab = lab;
        _redoubt = redoubt;
        _options = options;
        _renamed = new NumberedLog(lab.Agent.PathOf(Sshd.LogFile), () => _written++, options.Seed);
        _copied = new NumberedLog(lab.Agent.PathOf(CopiedLog), () => _written++, options.Seed);
        _alerts = new AlertTally(Path.GetDirectoryName(redoubt.AlertsJson)!, options.Lines);
    }

    /// <summary>Does all of it in a lab that is otherwise empty.</summary>
    /// <param name="lab">The lab.</param>
    /// <param name="options">How much.</param>
    /// <param name="tell">Told of the progress now and then, and, when the promise is broken, of all that the programs said.</param>
    /// <exception cref="TimeoutException">A process did not start, or lines were still missing when nothing came any more.</exception>
    public static async Task<FaultReport> RunAsync(LabNetwork lab, FaultOptions options, Action<string>? tell = null)
    {
        await using var redoubt = await Deployment.PrepareAsync(
            lab,
            new DeploymentOptions
            {
                Global = "<logall>no</logall>",
                Agent = $"<localfile><log_format>syslog</log_format><location>{CopiedLog}</location></localfile>",
            }
        );
        await redoubt.WriteRulesAsync(Rules);
        var run = new FaultRun(lab, redoubt, options);
        try
        {
            await redoubt.StartAllAsync();
            var report = await run.RunAsync(tell);
            if (!report.Holds)
                tell?.Invoke($"{run._history}\n{redoubt.Said}");

            return report;
        }
        catch (Exception exception) when (exception is TimeoutException or InvalidOperationException)
        {
            tell?.Invoke($"{run._history}\n{redoubt.Said}");
            throw;
        }
    }

    private async Task<FaultReport> RunAsync(Action<string>? tell)
    {
        await BeginAsync();
        var begin = Stopwatch.GetTimestamp();
        var writing = WriteAsync();
        var plan = Fault.Plan(_options.Faults, _options.Seed);
        foreach (var fault in plan)
        {
            await Task.Delay(fault.Pause);
            await _underWay.GetValueOrDefault(fault.Target, Task.CompletedTask);
            _struck[fault.Kind] = _struck.GetValueOrDefault(fault.Kind) + 1;
            _history.AppendLine(
                CultureInfo.InvariantCulture,
                $"{TimeProvider.System.GetUtcNow():HH:mm:ss.fff} line {_written}: {fault.Kind}, {fault.Length.TotalMilliseconds} ms"
            );
            _underWay[fault.Target] = StrikeAsync(fault);
            if (_struck.Values.Sum() % 100 == 0)
                tell?.Invoke($"{_struck.Values.Sum():N0} faults, {_written:N0} lines written");
        }

        await Task.WhenAll(_underWay.Values);
        await writing;
        await EndAsync();
        var unbalanced = await UnbalancedAsync();
        return new FaultReport(_options, _struck, _alerts.Lost, _alerts.Doubled, unbalanced, Stopwatch.GetElapsedTime(begin));
    }

    // Nothing tells the copy of a content from any other file while nobody has seen a line of the log.
    private async Task BeginAsync()
    {
        await _renamed.AppendAsync(1);
        await _copied.AppendAsync(1);
        await ReadUntilAsync(() => _alerts.Seen == _written, "the first lines have alerts");
    }

    // The last line of each log is kept back: it comes behind everything that is sent again.
    private async Task WriteAsync()
    {
        var pauses = new Random(_options.Seed);
        var most = _options.Lines - 2;
        while (_written < most)
        {
            await Wait.UntilAsync(
                () => _written < (long)most * _struck.Values.Sum() / _options.Faults,
                "a fault gives leave for more lines",
                LongestTurn
            );
            var allowed = (int)((long)most * _struck.Values.Sum() / _options.Faults);
            await (pauses.Next(2) == 0 ? _renamed : _copied).AppendAsync(allowed - _written);
            await Task.Delay(LongestPauseBetweenWrites * pauses.NextDouble());
        }
    }

    private async Task StrikeAsync(Fault fault)
    {
        switch (fault.Kind)
        {
            case FaultKind.AgentKilled:
                await _redoubt.Agent.KillAsync();
                await Task.Delay(fault.Length);
                await _redoubt.StartAgentAsync();
                break;
            case FaultKind.ManagerKilled:
                await _redoubt.Manager.KillAsync();
                await Task.Delay(fault.Length);
                await _redoubt.StartManagerAsync();
                break;
            case FaultKind.ManagerStopped:
                await _redoubt.Manager.PauseAsync();
                await Task.Delay(fault.Length);
                await _redoubt.Manager.ContinueAsync();
                break;
            case FaultKind.LinkDown:
                await _lab.SetLinkAsync(_lab.Agent, isUp: false);
                await Task.Delay(fault.Length);
                await _lab.SetLinkAsync(_lab.Agent, isUp: true);
                break;
            case FaultKind.LogRenamed:
                await _renamed.RenameAsync();
                break;
            default:
                await _copied.CopyAndTruncateAsync();
                break;
        }
    }

    // What the agent does not know to be acknowledged comes again after its restart, and the last line of each log behind it.
    private async Task EndAsync()
    {
        await ReadUntilAsync(() => _alerts.Seen == _written, "each line has an alert");
        await _redoubt.Agent.KillAsync();
        await _redoubt.StartAgentAsync();
        await _renamed.AppendAsync(1);
        await _copied.AppendAsync(1);
        await ReadUntilAsync(() => _alerts.Has(_written - 2) && _alerts.Has(_written - 1), "the last lines have alerts");
    }

    // Lines that are lost are told by their numbers, not by an exception.
    private async Task ReadUntilAsync(Func<bool> condition, string what)
    {
        try
        {
            await Wait.UntilAsync(
                async () =>
                {
                    await _alerts.ReadAsync();
                    return condition();
                },
                what,
                LongestCatchUp
            );
        }
        catch (TimeoutException) when (_alerts.Lost.Count > 0)
        {
            // The report has them.
        }
    }

    private async Task<IReadOnlyList<string>> UnbalancedAsync()
    {
        var status = await _redoubt.RedoubtAsync("status", "--home", _redoubt.ManagerHome, "--json");
        using var json = JsonDocument.Parse(status.Output);
        var hosts = json.RootElement.GetProperty("hosts").EnumerateArray().ToArray();
        return hosts.Length == 0
            ? ["no agent is connected"]
            :
            [
                .. hosts
                    .Where(h =>
                        Count(h, "received") == 0
                        || Count(h, "received") != Count(h, "processed") + Count(h, "duplicates") + Count(h, "shed")
                    )
                    .Select(h => h.ToString()),
            ];
    }

    private static long Count(JsonElement host, string name) => host.GetProperty("lines").GetProperty(name).GetInt64();
}
