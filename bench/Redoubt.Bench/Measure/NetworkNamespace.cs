using System.Diagnostics;
using System.Globalization;

namespace Redoubt.Bench.Measure;

/// <summary>A network of its own that ends with this object. Needs root.</summary>
internal sealed class NetworkNamespace : IDisposable
{
    private static int _made;

    public NetworkNamespace() => Run("add");

    public string Name { get; } =
        string.Create(CultureInfo.InvariantCulture, $"rdt-bench-{Environment.ProcessId}-{Interlocked.Increment(ref _made)}");

    public void Dispose() => Run("delete");

    private void Run(string verb)
    {
        using var process = Process.Start("ip", ["netns", verb, Name]);
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"ip netns {verb} {Name} ended with {process.ExitCode}");
    }
}
