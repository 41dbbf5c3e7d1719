using System.Diagnostics;
using System.Text;
using Redoubt.Model;
using Redoubt.Respond;
using Redoubt.Respond.Scripts;
using Redoubt.Tests.Respond.Lab;

namespace Redoubt.Tests.Respond.Scripts;

/// <summary>Our responses called by an executor of others: the JSON of Wazuh 4.2 on standard input (active-response.md 2.5 and 4).</summary>
public sealed class StockProgramTests(RunningEnforcer enforcer) : IClassFixture<RunningEnforcer>
{
    private const string Program = "/active-response/bin/firewall-drop";

    [Theory]
    [InlineData("10.77.0.31")]
    [InlineData("fd77::31")]
    [InlineData("::ffff:10.77.0.31")]
    public async Task An_executor_of_wazuh_blocks_and_releases_through_it(string source)
    {
        var canonical = source.Replace("::ffff:", "", StringComparison.Ordinal);
        var (code, said, _) = await CallAsync("firewall-drop", Document("add", source), Document("continue", source));

        Assert.Equal(0, code);
        Assert.Equal(
            $$$"""{"version":1,"origin":{"name":"firewall-drop","module":"active-response"},"command":"check_keys","parameters":{"keys":["{{{canonical}}}"]}}"""
                + "\n",
            said
        );
        Assert.Equal(-1, (await enforcer.ReadAsync(canonical)).RemainingMilliseconds);

        (code, said, _) = await CallAsync("firewall-drop", Document("delete", source));
        Assert.Equal((0, ""), (code, said));
        Assert.Equal(0, (await enforcer.ReadAsync(canonical)).RemainingMilliseconds);
    }

    [Fact]
    public async Task Told_to_abort_it_changes_nothing()
    {
        var (code, _, _) = await CallAsync("firewall-drop", Document("add", "10.77.0.32"), Document("abort", "10.77.0.32"));

        Assert.Equal(0, code);
        Assert.Equal(0, (await enforcer.ReadAsync("10.77.0.32")).RemainingMilliseconds);
        Assert.EndsWith(Program[1..] + ": Aborted", enforcer.Home.LogLines()[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("firewall-drop", "", "Cannot read input from stdin")]
    [InlineData("firewall-drop", "\n", "Cannot read input from stdin")]
    [InlineData("firewall-drop", "no json", "Invalid input format")]
    [InlineData("firewall-drop", "{", "Invalid input format")]
    [InlineData("firewall-drop", "[]", "Invalid input format")]
    [InlineData("firewall-drop", """{"origin":{},"command":"add","parameters":{}}""", "Invalid input format")]
    [InlineData("firewall-drop", """{"version":"1","origin":{},"command":"add","parameters":{}}""", "Invalid input format")]
    [InlineData("firewall-drop", """{"version":1,"command":"add","parameters":{}}""", "Invalid input format")]
    [InlineData("firewall-drop", """{"version":1,"origin":{},"command":"add"}""", "Invalid input format")]
    [InlineData("firewall-drop", """{"version":1,"origin":{},"parameters":{}}""", "Invalid input format")]
    [InlineData("firewall-drop", """{"version":1,"origin":{},"command":7,"parameters":{}}""", "Invalid input format")]
    [InlineData("firewall-drop", """{"version":1,"origin":{},"command":"block","parameters":{}}""", "Invalid value of 'command'")]
    [InlineData(
        "firewall-drop",
        """{"version":1,"origin":{},"command":"add","parameters":{}}""",
        "Cannot read 'srcip' from data or invalid IP format"
    )]
    [InlineData(
        "host-deny",
        """{"version":1,"origin":{},"command":"add","parameters":{"alert":{"data":{"srcip":"10.6"}}}}""",
        "Cannot read 'srcip' from data or invalid IP format"
    )]
    [InlineData(
        "ip-customblock",
        """{"version":1,"origin":{},"command":"add","parameters":{"alert":{"data":{"srcip":"../x"}}}}""",
        "Cannot read 'srcip' from data or invalid IP format"
    )]
    [InlineData(
        "disable-account",
        """{"version":1,"origin":{},"command":"add","parameters":{"alert":{"data":{"dstuser":"root"}}}}""",
        "Cannot read 'dstuser' from data or invalid username format"
    )]
    [InlineData(
        "disable-account",
        """{"version":1,"origin":{},"command":"add","parameters":{"alert":{"data":{"srcip":"10.0.0.6"}}}}""",
        "Cannot read 'dstuser' from data or invalid username format"
    )]
    public async Task Scenario_48_Input_that_is_none_ends_with_255_and_its_text(string name, string line, string text)
    {
        using var home = new Home();
        var errors = new StringWriter();

        var code = await StockProgram.RunAsync(
            name,
            home.Path,
            new MemoryStream(Encoding.UTF8.GetBytes(line)),
            new MemoryStream(),
            errors,
            TimeProvider.System
        );

        Assert.Equal(255, code);
        Assert.Equal($"{name}: {text}", errors.ToString().Trim());
        Assert.EndsWith($" active-response/bin/{name}: {text}", home.LogLines()[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Every_beginning_and_every_changed_byte_of_a_document_is_read_without_an_exception()
    {
        var line = Encoding.UTF8.GetBytes(Document("add", "10.77.0.33"));
        for (var i = 0; i < line.Length; i++)
        {
            ResponseInput.Read(line.AsSpan(0, i));
            var changed = line.ToArray();
            changed[i] ^= (byte)(1 << (i % 8));
            ResponseInput.Read(changed);
        }

        Assert.NotNull(ResponseInput.Read(line));
    }

    [Fact]
    public async Task What_the_enforcer_leaves_alone_is_told_by_the_exit_code()
    {
        var (code, _, errors) = await CallAsync("firewall-drop", Document("add", "127.0.0.1"), Document("continue", "127.0.0.1"));

        Assert.Equal(1, code);
        Assert.Contains("loopback", errors, StringComparison.Ordinal);
        Assert.Contains("\"status\":\"whitelisted\"", enforcer.Home.LogLines()[^2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_enforcer_it_fails_and_says_where_it_looked()
    {
        using var home = new Home();
        var errors = new StringWriter();
        var input = new MemoryStream(Encoding.UTF8.GetBytes(Document("delete", "10.77.0.6")));

        Assert.Equal(1, await StockProgram.RunAsync("firewall-drop", home.Path, input, new MemoryStream(), errors, TimeProvider.System));
        Assert.Contains(home.SocketPath, errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Links_make_every_name_a_program_and_a_folder_of_a_wazuh_agent_gets_them_too()
    {
        _ = enforcer.Client;
        using var wazuh = new Home();
        var foreign = Directory.CreateDirectory(Path.Join(wazuh.Path, "active-response", "bin")).FullName;
        File.WriteAllText(Path.Join(foreign, "host-deny"), "of the owner");

        var (code, output, _) = await EnforcerProcess.RunAsync(
            EnforcerProcess.ProgramPath,
            "install",
            "--home",
            enforcer.Home.Path,
            "--into",
            foreign
        );

        Assert.Equal(0, code);
        Assert.Contains($"{foreign}/host-deny is a file of its own and was left as it is", output, StringComparison.Ordinal);
        Assert.Equal(KnownResponses.Programs.Count, Directory.GetFileSystemEntries(enforcer.Home.Path + "/active-response/bin").Length);
        Assert.Equal("of the owner", File.ReadAllText(Path.Join(foreign, "host-deny")));

        // As the executor of Wazuh calls it: from its own home, by a path that is relative to it.
        var called = await CallProgramAsync("active-response/bin/firewall-drop", wazuh.Path, Document("delete", "10.77.0.34"));
        Assert.Equal((0, ""), called);
        Assert.EndsWith(Program[1..] + ": Ended", enforcer.Home.LogLines()[^1], StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Errors)> CallProgramAsync(string program, string folder, string line)
    {
        // A shell changes the folder and calls the link by its relative path, which .NET cannot.
        using var process = Process.Start(
            new ProcessStartInfo(Tool.Find("sh")!, ["-c", "cd \"$1\" && exec \"$2\"", "sh", folder, program])
            {
                RedirectStandardInput = true,
                UseShellExecute = false,
                RedirectStandardError = true,
            }
        )!;
        await process.StandardInput.WriteLineAsync(line);
        process.StandardInput.Close();
        var errors = await process.StandardError.ReadToEndAsync(Deadline.Token);
        await process.WaitForExitAsync(Deadline.Token);
        return (process.ExitCode, errors);
    }

    private async Task<(int Code, string Said, string Errors)> CallAsync(string name, params string[] lines)
    {
        _ = enforcer.Client;
        var output = new MemoryStream();
        var errors = new StringWriter();
        var input = new MemoryStream(Encoding.UTF8.GetBytes(string.Concat(lines.Select(l => l + "\n"))));
        var code = await StockProgram.RunAsync(name, enforcer.Home.Path, input, output, errors, TimeProvider.System);
        return (code, Encoding.UTF8.GetString(output.ToArray()), errors.ToString());
    }

    private static string Document(string command, string source) =>
        $$$"""{"version":1,"origin":{"name":"node01","module":"wazuh-execd"},"command":"{{{command}}}","parameters":{"extra_args":[],"alert":{"rule":{"level":10,"id":"5712"},"id":"1795515330.10452","data":{"srcip":"{{{source}}}"}},"program":"active-response/bin/firewall-drop"}}""";
}
