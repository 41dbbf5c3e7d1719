using Microsoft.Extensions.Logging;

namespace Redoubt.Collect;

/// <summary>The sockets of all sources; one connection each, however many sources use it.</summary>
/// <remarks>Threads: the reader thread.</remarks>
internal sealed class OutputSockets(TimeProvider time, ILogger log) : IDisposable
{
    private readonly Dictionary<OutputSocketOptions, OutputSocket> _open = [];

    public void Dispose() => Keep([]);

    internal OutputSocket Of(OutputSocketOptions options)
    {
        if (!_open.TryGetValue(options, out var socket))
            _open.Add(options, socket = new OutputSocket(options, time, log));

        return socket;
    }

    /// <summary>Closes those that no source uses any more.</summary>
    internal void Keep(IEnumerable<SourceOptions> sources)
    {
        var used = sources.SelectMany(source => source.Outputs).Select(output => output.Socket).ToHashSet();
        foreach (var (options, socket) in _open.Where(open => !used.Contains(open.Key)).ToList())
        {
            socket.Dispose();
            _open.Remove(options);
        }
    }
}
