using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Redoubt.Host;

/// <summary>Addresses of host names that shall be protected, asked again and again.</summary>
/// <remarks>
/// Only ever protects: an answer that is forged lets an address through, and never gets one blocked. A name that gives no answer keeps its last one. Time: asked
/// when names are added, and every <see cref="Interval"/>. Cost: one question a name; a question that hangs is given up after
/// <see cref="Patience"/>. Threads: safe.
/// </remarks>
public sealed class HostNames
{
    /// <summary>Time between two questions for a name.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <summary>Longest time to wait for an answer.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Func<string, CancellationToken, Task<IPAddress[]>> _ask;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly ConcurrentDictionary<string, IPAddress[]> _answers = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _silent = new(StringComparer.OrdinalIgnoreCase);
    private volatile string[] _names = [];
    private volatile TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="ask">Answers for one name; null: the system's resolver.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Is told of names without an answer, once.</param>
    public HostNames(Func<string, CancellationToken, Task<IPAddress[]>>? ask, TimeProvider time, ILogger log)
    {
        _ask = ask ?? Dns.GetHostAddressesAsync;
        _time = time;
        _log = log;
    }

    /// <summary>What the names in use mean now, in the order of the names.</summary>
    public IReadOnlyList<(string Name, IPAddress Address)> Current =>
        [.. _names.SelectMany(name => _answers.GetValueOrDefault(name, []).Select(address => (name, address)))];

    /// <summary>From now on these names are asked for; a new one at once.</summary>
    public void Use(IEnumerable<string> names)
    {
        _names = [.. names.Distinct(StringComparer.OrdinalIgnoreCase)];
        Interlocked.Exchange(ref _more, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    /// <summary>Asks for every name once.</summary>
    /// <returns>Whether an answer is another than before.</returns>
    public async Task<bool> AskAsync(CancellationToken stopping)
    {
        var changes = await Task.WhenAll(_names.Select(name => AskAsync(name, stopping)));
        return changes.Contains(true);
    }

    /// <summary>Asks until cancelled.</summary>
    /// <param name="changed">Called after answers changed.</param>
    /// <param name="stopping">Ends it.</param>
    public async Task RunAsync(Func<Task> changed, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            var more = _more.Task;
            if (await AskAsync(stopping))
                await changed();

            await Task.WhenAny(more, Task.Delay(Interval, _time, stopping));
        }
    }

    private async Task<bool> AskAsync(string name, CancellationToken stopping)
    {
        try
        {
            var answer = await _ask(name, stopping).WaitAsync(Patience, _time, stopping);
            var addresses = answer
                .Select(a => a.IsIPv4MappedToIPv6 ? a.MapToIPv4() : a)
                .Distinct()
                .OrderBy(a => a.ToString(), StringComparer.Ordinal)
                .ToArray();
            if (addresses.Length == 0)
                return Tell(name, "it has no address");

            lock (_silent)
                _silent.Remove(name);

            var before = _answers.GetValueOrDefault(name, []);
            _answers[name] = addresses;
            return !before.SequenceEqual(addresses);
        }
        catch (Exception e) when (e is SocketException or TimeoutException or ArgumentException)
        {
            return Tell(name, e.Message);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return false;
        }
    }

    private bool Tell(string name, string reason)
    {
        lock (_silent)
        {
            if (!_silent.Add(name))
                return false;
        }

        _log.NameUnanswered(
            name,
            reason,
            _answers.ContainsKey(name) ? "its last addresses stay protected" : "it protects nothing until it does"
        );
        return false;
    }
}
