using System.CommandLine;
using Redoubt.Corpus;

namespace Redoubt.Bench.Commands;

/// <summary><c>corpus</c>: writes a corpus, for other programs to read the same lines.</summary>
internal static class CorpusCommand
{
    public static Command Create()
    {
        var choice = new CorpusChoice(100_000);
        var kind = new Option<CorpusKind>("--kind") { Description = "ssh or mixed.", HelpName = "KIND" };
        var command = new Command("corpus", "Write the lines of a corpus to standard output.") { kind };
        choice.AddTo(command);
        command.SetAction(parsed =>
        {
            using var output = Console.OpenStandardOutput();
            LineCorpus.Write(choice.Read(parsed, parsed.GetValue(kind)), output);
        });
        return command;
    }
}
