using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Redoubt.Tests.Tools;

/// <summary>Runs the command line that was built with the tests.</summary>
internal static class Tool
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    internal static Task<ToolResult> RunAsync(params string[] words) => RunAsync([], words);

    /// <summary>Runs it to its end.</summary>
    /// <param name="input">What it reads on standard input.</param>
    /// <param name="words">Its arguments.</param>
    internal static async Task<ToolResult> RunAsync(byte[] input, params string[] words)
    {
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "redoubt"), words)
            {
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                StandardOutputEncoding = Encoding.UTF8,
            },
        };
        process.StartInfo.Environment.Remove("REDOUBT_HOME");
        process.Start();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading; what it said is judged.
        }

        using var deadline = new CancellationTokenSource(Longest);
        await process.WaitForExitAsync(deadline.Token);
        return new ToolResult(process.ExitCode, await output, await error);
    }
}

/// <summary>How a run ended.</summary>
internal sealed record ToolResult(int ExitCode, string Output, string Error)
{
    internal IReadOnlyList<JsonElement> Objects =>
        [.. Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<JsonElement>(line))];

    internal ToolResult Ends(int code)
    {
        Assert.True(ExitCode == code, $"Expected exit code {code}: {this}");
        return this;
    }
}
