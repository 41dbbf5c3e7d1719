using Redoubt.Respond.Firewall;

namespace Redoubt.Respond.Scripts;

/// <summary>Runs a tool of the system with an argument vector, in its C form, with a deadline.</summary>
internal static class SystemTool
{
    private const int OutputBytes = 64 * 1024;

    private static readonly ScriptLimits Limits = new() { Whole = TimeSpan.FromSeconds(30), MaxOutputBytes = OutputBytes };

    /// <summary>Runs it.</summary>
    /// <param name="name">Its name in the folders of system programs.</param>
    /// <param name="arguments">Without the zeroth.</param>
    /// <param name="input">For its standard input.</param>
    /// <param name="stopping">Ends it.</param>
    /// <param name="output">Gets its standard output; null: nobody wants it.</param>
    /// <returns>How it went; null when it is not installed or cannot be started, with the problem.</returns>
    internal static ScriptResult? Run(
        string name,
        IReadOnlyList<string> arguments,
        ReadOnlyMemory<byte> input,
        CancellationToken stopping,
        out string? problem,
        List<byte>? output = null
    )
    {
        problem = null;
        var path = SystemProgram.PathOf(name);
        if (path is null)
        {
            problem = $"{name} is not installed";
            return null;
        }

        try
        {
            using var child = ChildProcess.Start(path, [path, .. arguments], ["PATH=" + SystemProgram.SearchPath, "LC_ALL=C"], "/");
            return ScriptRun.Run(child, new ScriptTalk { Opening = input, Output = output }, Limits, stopping);
        }
        catch (IOException e)
        {
            problem = e.Message;
            return null;
        }
    }
}
