using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace Redoubt.Bench.Parts;

/// <summary>Runs BenchmarkDotNet in this process: it needs no build of its own, and the rules are found beside the program.</summary>
internal static class PartBenchmarks
{
    public static int Run(string[] arguments)
    {
        var config = DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance));
        BenchmarkSwitcher
            .FromTypes([typeof(EngineParts), typeof(PatternParts)])
            .Run(arguments.Length > 0 ? arguments : ["--filter", "*"], config);
        return 0;
    }
}
