using System.CommandLine;
using System.Runtime.InteropServices;
using Redoubt.Host;

namespace Redoubt.App.Commands;

/// <summary><c>redoubt agent</c> and <c>redoubt enforcer</c>: this process becomes the program that stands beside it.</summary>
internal static partial class Handover
{
    /// <summary>The program of a verb; null for verbs of our own.</summary>
    internal static string? ProgramFor(string verb) =>
        verb is "agent" or "enforcer" ? Path.Combine(AppContext.BaseDirectory, "redoubt-" + verb) : null;

    /// <summary>For the help text; it never runs.</summary>
    internal static Command Describe(string verb, string description) => new(verb, description);

    /// <summary>Replaces this process; returns only when that fails.</summary>
    internal static int Become(string program, string[] arguments)
    {
        if (File.Exists(program))
        {
            string?[] vector = [program, .. arguments, null];
            _ = Exec(program, vector);
        }

        Console.Error.WriteLine(
            $"redoubt: {program} cannot be started: {(File.Exists(program) ? Marshal.GetLastPInvokeErrorMessage() : "it is missing")}. Build or install it beside this program."
        );
        return StartException.Unreachable;
    }

    [LibraryImport("libc", EntryPoint = "execv", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Exec(string path, string?[] arguments);
}
