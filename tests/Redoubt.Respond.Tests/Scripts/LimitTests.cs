using System.Globalization;
using Redoubt.Respond;
using Redoubt.Respond.Scripts;
using Redoubt.Tests.Respond.Lab;

namespace Redoubt.Tests.Respond.Scripts;

/// <summary>Programs that hang, flood, fail or must not be run.</summary>
public sealed class LimitTests : IAsyncDisposable
{
    private static readonly ScriptLimits Short = new()
    {
        Answer = TimeSpan.FromMilliseconds(300),
        Whole = TimeSpan.FromMilliseconds(600),
        MaxOutputBytes = 100_000,
    };

    private readonly Programs programs = new(Short);

    public ValueTask DisposeAsync() => programs.DisposeAsync();

    [Fact]
    public async Task Scenario_41_A_program_that_reads_to_the_end_is_ended_at_the_deadline()
    {
        programs.Put("reads", "#!/bin/sh\ncat > /dev/null\necho never > never\n");

        var reply = await programs.RunAsync("reads");

        Assert.Equal((EnforceOutcome.Failed, null), (reply.Outcome, reply.ExitCode));
        Assert.Contains("gave no answer within 0.3 s and was ended", reply.Reason, StringComparison.Ordinal);
        Assert.False(programs.Has("never"));
        Assert.Contains("\"status\":\"timeout\"", programs.LogLines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_goes_on_after_its_answer_is_ended_at_its_whole_deadline()
    {
        programs.Put("slow", "#!/bin/sh\nread -r a\necho x\nread -r b\nexec sleep 600\n");

        var reply = await programs.RunAsync("slow");

        Assert.Equal((EnforceOutcome.Failed, true), (reply.Outcome, reply.NeedsUndo));
        Assert.Contains("did not end within 0.6 s", reply.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_deadline_of_the_command_counts()
    {
        programs.Put("slow.sh", "#!/bin/sh\nexec sleep 600\n");

        var reply = await programs.RunAsync("slow.sh", with: r => r with { DeadlineMilliseconds = 200 });

        Assert.Contains("did not end within 0.2 s", reply.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_program_started_ends_with_it_even_in_a_session_of_its_own()
    {
        programs.Put(
            "family.sh",
            "#!/bin/sh\nsleep 600 &\necho $! >> pids\nsetsid sh -c 'sleep 600 & echo $! >> pids; echo $$ >> pids; wait' &\nwhile [ $(wc -l < pids) -lt 3 ]; do :; done\nwait\n"
        );

        var reply = await programs.RunAsync("family.sh", with: r => r with { DeadlineMilliseconds = 2000 });

        Assert.Equal(EnforceOutcome.Failed, reply.Outcome);
        var pids = File.ReadAllLines(Path.Join(programs.Home, "pids"));
        Assert.Equal(3, pids.Length);
        foreach (var pid in pids)
            Assert.True(await Eventually.HoldsAsync(() => Task.FromResult(HasEnded(pid))), $"process {pid} is still there");
    }

    [Fact]
    public async Task A_program_that_floods_is_ended_and_says_so()
    {
        programs.Put("flood", "#!/bin/sh\nexec yes\n");
        programs.Put("floods-errors", "#!/bin/sh\nexec yes >&2\n");

        foreach (var program in (string[])["flood", "floods-errors"])
        {
            var reply = await programs.RunAsync(program);
            Assert.Equal(EnforceOutcome.Failed, reply.Outcome);
            Assert.Contains("wrote more than 100000 bytes", reply.Reason, StringComparison.Ordinal);
            Assert.InRange(reply.ErrorText?.Length ?? 0, 0, ScriptLimits.ErrorTailBytes);
        }
    }

    [Fact]
    public async Task Scenario_42_Others_are_served_while_one_target_hangs()
    {
        await using var patient = new Programs();
        patient.Put("hang", "#!/bin/sh\n[ \"$AR_SRCIP\" = 10.0.0.6 ] || exit 0\nread -r a\nmkfifo gate\nread -r b < gate\n");

        var hanging = patient.RunAsync("hang");
        for (var i = 0; i < 20; i++)
            Assert.Equal(EnforceOutcome.Enforced, (await patient.RunAsync("hang", $"10.0.1.{i}")).Outcome);

        Assert.False(hanging.IsCompleted);
        Assert.True(await Eventually.HoldsAsync(() => Task.FromResult(patient.Has("gate"))));
        await File.AppendAllTextAsync(Path.Join(patient.Home, "gate"), "go\n", Deadline.Token);
        Assert.Equal(EnforceOutcome.Enforced, (await hanging).Outcome);
    }

    [Fact]
    public async Task Requests_for_one_target_run_in_their_order_and_only_a_few_may_wait()
    {
        await using var patient = new Programs();
        patient.Put("order.sh", "#!/bin/sh\nmkfifo gate 2> /dev/null && read -r b < gate\necho $1 $AR_RULE_ID >> runs\n");

        var replies = Enumerable
            .Range(1, ScriptResponder.MaxWaiting + 2)
            .Select(i => patient.RunAsync("order.sh", milliseconds: 0, with: r => r with { RuleId = i }))
            .ToArray();
        var busy = await replies[^1];
        Assert.True(await Eventually.HoldsAsync(() => Task.FromResult(patient.Has("gate"))));
        await File.AppendAllTextAsync(Path.Join(patient.Home, "gate"), "go\n", Deadline.Token);
        await Task.WhenAll(replies);

        Assert.Equal(EnforceOutcome.Busy, busy.Outcome);
        Assert.Equal(
            Enumerable.Range(1, ScriptResponder.MaxWaiting + 1).Select(i => $"add {i}"),
            File.ReadAllLines(Path.Join(patient.Home, "runs"))
        );
    }

    [Theory]
    [InlineData("exit 3", 3, "exit 3 after")]
    [InlineData("kill -9 $$", null, "ended by signal 9 after")]
    [InlineData("echo 'no such\tzone' >&2; exit 1", 1, "no such zone")]
    public async Task The_exit_status_is_believed_and_what_it_said_is_on_record(string ends, int? code, string says)
    {
        programs.Put("fails", $"#!/bin/sh\n{ends}\n");

        var reply = await programs.RunAsync("fails");

        Assert.Equal((EnforceOutcome.Failed, code, false), (reply.Outcome, reply.ExitCode, reply.NeedsUndo));
        Assert.Contains(says, reply.Reason, StringComparison.Ordinal);
        Assert.Contains("\"status\":\"failed\"", programs.LogLines[^1], StringComparison.Ordinal);
        Assert.Contains(
            $"\"exit_code\":{code?.ToString(CultureInfo.InvariantCulture) ?? "null"}",
            programs.LogLines[^1],
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_run_that_went_well_is_one_line_of_the_response_log()
    {
        programs.Put("well", "#!/bin/sh\necho fine >&2\n");

        await programs.RunAsync("well");

        Assert.Matches(
            """^\d{4}/\d\d/\d\d \d\d:\d\d:\d\d active-response/bin/well: \{"version":1,"command":"result","action":"add","status":"ok","target":"10\.0\.0\.6","alert_id":"1795515330\.10452","rule_id":"5712","ttl":1800,"until":"[^"]+","duration_ms":[\d.]+,"error":null,"exit_code":0,"stderr":"fine"\}$""",
            Assert.Single(programs.LogLines)
        );
    }

    [Theory]
    [InlineData("missing", "is not there")]
    [InlineData("link", "is no plain file")]
    [InlineData("folder", "is no plain file")]
    [InlineData("plain", "is not executable")]
    [InlineData("group", "may be written by its group or by others")]
    [InlineData("world", "may be written by its group or by others")]
    [InlineData("foreign", "belongs to user 65534")]
    [InlineData("open/inside", "may be written by its group or by others")]
    [InlineData("linked/inside", "is no folder")]
    [InlineData("binary", "cannot be started")]
    public async Task Scenario_49_What_is_missing_or_unsafe_is_refused_with_one_result(string name, string why)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root to give a file away");
        const string script = "#!/bin/sh\necho ran > ran\n";
        programs.Put("real", script);
        programs.Put("plain", script, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        programs.Put("group", script, (UnixFileMode)0b111_111_000);
        programs.Put("world", script, (UnixFileMode)0b111_101_111);
        programs.Put("foreign", script);
        Tool.Run("chown", "65534", Path.Join(programs.Bin, "foreign"));
        programs.Put("binary", "\u0001\u0002nothing that a kernel runs");
        File.CreateSymbolicLink(Path.Join(programs.Bin, "link"), Path.Join(programs.Bin, "real"));
        Directory.CreateDirectory(Path.Join(programs.Bin, "folder"));
        Directory.CreateDirectory(Path.Join(programs.Bin, "open"));
        programs.Put("open/inside", script);
        File.SetUnixFileMode(Path.Join(programs.Bin, "open"), (UnixFileMode)0b111_111_111);
        Directory.CreateSymbolicLink(Path.Join(programs.Bin, "linked"), Path.Join(programs.Bin, "open"));

        var reply = await programs.RunAsync(name);

        Assert.Equal((EnforceOutcome.Refused, null, false), (reply.Outcome, reply.ExitCode, reply.NeedsUndo));
        Assert.Contains(why, reply.Reason, StringComparison.Ordinal);
        Assert.Contains("\"status\":\"failed\"", Assert.Single(programs.LogLines), StringComparison.Ordinal);
        Assert.False(programs.Has("ran"));
    }

    [Fact]
    public async Task A_home_that_somebody_else_owns_runs_nothing()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root to give a folder away");
        programs.Put("real", "#!/bin/sh\necho ran > ran\n");
        Tool.Run("chown", "65534", programs.Home);

        Assert.Contains("belongs to user 65534", (await programs.RunAsync("real")).Reason, StringComparison.Ordinal);
        Assert.False(programs.Has("ran"));
    }

    [Theory]
    [InlineData("../custom")]
    [InlineData("a/../../custom.sh")]
    [InlineData("..")]
    [InlineData("a//b")]
    [InlineData("./a")]
    [InlineData("/etc/custom")]
    [InlineData("a\nb")]
    [InlineData("")]
    public void Scenario_45_A_name_that_leaves_the_folder_is_refused(string name) => Assert.NotNull(ResponseFile.WhyNoName(name));

    [Theory]
    [InlineData("custom.sh")]
    [InlineData("sub/folder/custom")]
    [InlineData("..custom")]
    public void A_name_below_the_folder_is_one(string name) => Assert.Null(ResponseFile.WhyNoName(name));

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("0.0.0.0/0")]
    public async Task Scenario_37_A_target_that_the_host_needs_is_left_alone_by_programs_too(string target)
    {
        programs.Put("custom", "#!/bin/sh\necho ran > ran\n");

        var reply = await programs.RunAsync("custom", target);

        Assert.Equal(EnforceOutcome.Skipped, reply.Outcome);
        Assert.False(programs.Has("ran"));
    }

    [Fact]
    public async Task An_enforcer_that_ends_ends_what_runs()
    {
        var ending = new Programs();
        ending.Put("hang.sh", "#!/bin/sh\necho $$ > pid\nexec sleep 600\n");
        var hanging = ending.RunAsync("hang.sh");
        Assert.True(await Eventually.HoldsAsync(() => Task.FromResult(ending.Has("pid") && ending.Text("pid").EndsWith('\n'))));
        var pid = ending.Text("pid").Trim();

        await ending.DisposeAsync();

        Assert.Contains("the enforcer ends", (await hanging).Reason, StringComparison.Ordinal);
        Assert.True(HasEnded(pid));
    }

    private static bool HasEnded(string pid)
    {
        try
        {
            // A process that nobody has reaped yet has ended as well.
            return File.ReadAllText($"/proc/{pid}/stat") is var stat && stat[stat.LastIndexOf(')') + 2] == 'Z';
        }
        catch (IOException)
        {
            return true;
        }
    }
}
