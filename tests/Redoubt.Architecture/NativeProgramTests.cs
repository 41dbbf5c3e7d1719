using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Redoubt.Tests.Architecture;

/// <summary>Agent and enforcer publish as native programs, without a warning of the trimmer or the native compiler.</summary>
public class NativeProgramTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(12);

    [Theory]
    [InlineData("redoubt-agent")]
    [InlineData("redoubt-enforcer")]
    public async Task It_publishes_without_a_warning_and_runs(string program)
    {
        Assert.SkipUnless(HasLinker(), "no gcc or zlib headers here, which Native AOT links with: apt-get install gcc zlib1g-dev");
        var artifacts = Path.Combine(Sources.Root, "artifacts", "native");
        var output = Path.Combine(artifacts, program);

        var (code, text) = await RunAsync(
            "dotnet",
            "publish",
            Path.Combine(Sources.Root, "apps", program),
            "-c",
            "Release",
            "-r",
            RuntimeInformation.RuntimeIdentifier,
            "--artifacts-path",
            artifacts,
            "-o",
            output,
            "--nologo",
            "-p:RunAnalyzers=false",
            "-nodeReuse:false"
        );

        Assert.True(code == 0, text);
        Assert.DoesNotContain("warning", text, StringComparison.OrdinalIgnoreCase);
        var (help, words) = await RunAsync(Path.Combine(output, program), "--help");
        Assert.True(help == 0, words);
        Assert.Contains("--home", words, StringComparison.Ordinal);
    }

    private static bool HasLinker() =>
        File.Exists("/usr/include/zlib.h")
        && Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(f => File.Exists(Path.Combine(f, "gcc")));

    private static async Task<(int Code, string Text)> RunAsync(string file, params string[] arguments)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Longest);
        var start = new ProcessStartInfo(file, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Sources.Root,
        };
        using var process = Process.Start(start)!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
            var errors = process.StandardError.ReadToEndAsync(deadline.Token);
            await process.WaitForExitAsync(deadline.Token);
            return (process.ExitCode, await output + await errors);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}
