using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Redoubt.App.Manager;
using Redoubt.Config;
using Redoubt.Model;

namespace Redoubt.Tests.Manager;

/// <summary>Lines from the network go through a spool on disk; every one that came is processed once, or counted as lost.</summary>
public sealed class SyslogIntakeTests : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rdt-intake-");
    private readonly ManagerBox _box = new();
    private readonly CancellationTokenSource _stopping = new();

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _box.DisposeAsync();
        _stopping.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Lines_that_wait_survive_the_end_of_the_process_and_count_once()
    {
        const int lines = 700;
        var spool = Path.Combine(_folder.FullName, "spool");
        await using var killed = await OpenAsync(spool, 1 << 20);
        await SendAsync(killed.Port, lines);
        await WaitForAsync(() => killed.Intake.Counts.Received == lines);

        // What a process leaves that is killed now, and again when it has processed some of them.
        var image = Copy(spool, "image");
        await using (var second = await OpenAsync(image, 1 << 20))
        {
            Assert.Equal((lines, 0, 0), second.Intake.Counts);
            var later = Copy(image, "later");
            await RunAsync(second.Intake, lines);
            await using var third = await OpenAsync(later, 1 << 20);
            await RunAsync(third.Intake, lines);
            Assert.Equal((lines, lines, 0), third.Intake.Counts);
        }

        Assert.Equal(lines, _box.Analysis.Counters.Processed);
        Assert.Equal(lines, _box.Analysis.Counters.Duplicates);
    }

    [Fact]
    public async Task What_finds_no_room_is_counted_and_told_and_nothing_else_is_lost()
    {
        await using var open = await OpenAsync(Path.Combine(_folder.FullName, "spool"), 1 << 16);
        using var client = new UdpClient();
        var sent = 0;
        while (open.Intake.Counts.Shed < 5)
        {
            await client.SendAsync(Encoding.UTF8.GetBytes($"<34>{new string('x', 1000)}"), new IPEndPoint(IPAddress.Loopback, open.Port));
            sent++;
            await WaitForAsync(() => open.Intake.Counts.Received == sent);
        }

        await RunAsync(open.Intake, sent - 5);
        Assert.Equal((sent, sent - 5, 5), open.Intake.Counts);
        await WaitForAsync(() => _box.Alerts(OwnRules.SpoolFills.Id).Length == 4);
        Assert.Contains("50 % full", _box.Alerts(OwnRules.SpoolFills.Id)[0], StringComparison.Ordinal);
        Assert.Contains("is full, and some are lost", _box.Alerts(OwnRules.SpoolFills.Id)[3], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_waits_for_room_and_loses_nothing()
    {
        const int lines = 3000;
        await using var open = await OpenAsync(Path.Combine(_folder.FullName, "spool"), 1 << 16);
        var sending = SendAsync(open.Port, lines);
        await WaitForAsync(() => open.Intake.Counts.Received > 100);

        await RunAsync(open.Intake, lines);
        await sending;
        Assert.Equal((lines, lines, 0), open.Intake.Counts);
        Assert.Equal(lines, _box.Analysis.Counters.Processed);
    }

    [Fact]
    public async Task A_record_that_is_none_of_ours_is_counted_and_passed_over()
    {
        var folder = Path.Combine(_folder.FullName, "spool");
        using (var spool = new Redoubt.Collect.LineSpool(folder, 1 << 16))
        {
            Assert.True(spool.TryAppend("rubbish"u8));
            Assert.True(spool.TryAppend([]));
            Assert.True(spool.TryAppend(SpooledLine.Write(new(IPAddress.IPv6Loopback, "x"u8.ToArray(), 1))));
        }

        await using var open = await OpenAsync(folder, 1 << 16);
        await RunAsync(open.Intake, 1);
        Assert.Equal((3, 1, 2), open.Intake.Counts);
    }

    private static readonly RemoteSyslogOptions Options = new()
    {
        Address = IPAddress.Loopback,
        Tcp = true,
        Allowed = [BlockTarget.Of(IPAddress.Loopback)],
    };

    private async Task<OpenIntake> OpenAsync(string spool, long bytes)
    {
        var port = FreePort();
        var intake = new SyslogIntake(_box.Time, NullLogger.Instance);
        Assert.Empty(await intake.UseAsync([Options with { Port = port }]));
        intake.Begin(spool, bytes);
        return new OpenIntake(intake, port);
    }

    // It runs until the test ends.
    private async Task RunAsync(SyslogIntake intake, long processed)
    {
        _ = intake.RunAsync(_box.Analysis, _stopping.Token);
        await WaitForAsync(() => intake.Counts.Processed >= processed);
    }

    private static async Task SendAsync(int port, int lines)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        await client
            .GetStream()
            .WriteAsync(
                Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, lines).Select(i => $"<34>line {i} {new string('x', 60)}\n")))
            );
    }

    private static async Task WaitForAsync(Func<bool> holds)
    {
        await Task.Yield();
        Assert.True(SpinWait.SpinUntil(holds, Deadline));
    }

    private string Copy(string folder, string name)
    {
        var target = Directory.CreateDirectory(Path.Combine(_folder.FullName, name)).FullName;
        foreach (var file in Directory.GetFiles(folder))
            File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
        return target;
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private sealed record OpenIntake(SyslogIntake Intake, int Port) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Intake.DisposeAsync();
    }
}
