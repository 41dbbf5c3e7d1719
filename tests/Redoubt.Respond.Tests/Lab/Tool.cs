using System.Diagnostics;

namespace Redoubt.Tests.Respond.Lab;

/// <summary>Runs a system program to its end.</summary>
internal static class Tool
{
    private static readonly string[] Folders = ["/usr/sbin", "/sbin", "/usr/bin", "/bin"];

    internal static string? Find(string name) => Folders.Select(f => Path.Join(f, name)).FirstOrDefault(File.Exists);

    internal static string Run(string name, params string[] arguments) => RunWithInput(name, "", arguments);

    internal static string RunWithInput(string name, string input, params string[] arguments)
    {
        var start = new ProcessStartInfo(Find(name) ?? throw new InvalidOperationException($"{name} is not installed"), arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start) ?? throw new InvalidOperationException(name);
        var errors = process.StandardError.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException(
                $"{name} {string.Join(' ', arguments)} ended with {process.ExitCode}: {errors.GetAwaiter().GetResult()}"
            );
    }
}
