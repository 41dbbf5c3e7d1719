using System.CommandLine;
using Redoubt.Bench.Commands;

var root = new RootCommand("Measures the rule engine: figures of one run, and their ratios, which hold on any machine.")
{
    EngineCommand.Create(),
    EngineCommand.CreateChild(),
    GrowthCommand.Create(),
    WorkersCommand.Create(),
    LongLineCommand.Create(),
    CorpusCommand.Create(),
};
return root.Parse(args).Invoke();
