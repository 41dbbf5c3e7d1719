using System.CommandLine;
using Redoubt.Bench.Commands;
using Redoubt.Bench.Parts;

// BenchmarkDotNet has a command line of its own.
if (args is ["parts", ..])
    return PartBenchmarks.Run(args[1..]);

var root = new RootCommand(
    "Measures the engine, the replay, the index of alerts, the firewall, the enforcer, the fleet and the whole way: figures of one run, and their ratios, which hold on any machine. And tries what must hold under faults."
)
{
    EngineCommand.Create(),
    EngineCommand.CreateChild(),
    GrowthCommand.Create(),
    WorkersCommand.Create(),
    LongLineCommand.Create(),
    CorpusCommand.Create(),
    new Command("parts", "BenchmarkDotNet on the parts of the engine; takes its options, such as --filter '*Decode*'."),
    EnforcerCommand.Create(),
    FirewallCommand.Create(),
    FirewallCommand.CreateChild(),
    FleetCommand.Create(),
    FleetCommand.CreateChild(),
    PathCommand.Create(),
    ReplayCommand.Create(),
    LatencyCommand.Create(),
    LatencyCommand.CreateChild(),
    IndexCommand.Create(),
    FaultsCommand.Create(),
};
return root.Parse(args).Invoke();
