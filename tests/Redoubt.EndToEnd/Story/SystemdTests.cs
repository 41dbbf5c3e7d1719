using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Redoubt.Lab;

namespace Redoubt.Tests.EndToEnd.Story;

/// <summary>What systemd hears of each program: the test stands in its place.</summary>
public class SystemdTests : LabTest
{
    private static readonly string[] Programs = ["manager", "agent", "enforcer"];

    [Fact]
    public async Task Each_program_tells_systemd_of_its_start_its_life_a_reload_and_its_end()
    {
        var folder = Directory.CreateDirectory(Path.Combine(Net.Folder, "notify")).FullName;
        var sockets = Programs.ToDictionary(p => p, p => Listen(Path.Combine(folder, p)), StringComparer.Ordinal);
        var redoubt = await DeployAsync(new DeploymentOptions { NotifyFolder = folder });
        try
        {
            foreach (
                var (program, process) in new[] { ("agent", redoubt.Agent), ("enforcer", redoubt.Enforcer), ("manager", redoubt.Manager) }
            )
            {
                var said = sockets[program];
                Hear(said, "READY=1", program);
                Assert.Contains("\nSTATUS=", Hear(said, "WATCHDOG=1", program), StringComparison.Ordinal);
                await process.HangUpAsync();
                Assert.Contains("\nMONOTONIC_USEC=", Hear(said, "RELOADING=1", program), StringComparison.Ordinal);
                Hear(said, "READY=1", program);
                Hear(said, "WATCHDOG=1", program);

                // A process that stands still says nothing.
                await process.PauseAsync();
                Drain(said);
                said.ReceiveTimeout = 3 * WatchdogMilliseconds;
                Assert.Throws<SocketException>(() => said.Receive(new byte[4096]));
                await process.ContinueAsync();
                Hear(said, "WATCHDOG=1", program);

                Assert.Equal(0, (await process.StopAsync(Soon)).ExitCode);
                Hear(said, "STOPPING=1", program);
            }
        }
        finally
        {
            foreach (var socket in sockets.Values)
                socket.Dispose();
        }
    }

    private const int WatchdogMilliseconds = Deployment.WatchdogMicroseconds / 1000;

    private static Socket Listen(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        File.SetUnixFileMode(path, (UnixFileMode)0b110_110_110); // programs without root write to it
        return socket;
    }

    private static string Hear(Socket socket, string beginning, string program)
    {
        var begin = Stopwatch.GetTimestamp();
        var bytes = new byte[4096];
        socket.ReceiveTimeout = (int)Soon.TotalMilliseconds;
        while (Stopwatch.GetElapsedTime(begin) < Soon)
        {
            var text = Encoding.UTF8.GetString(bytes, 0, socket.Receive(bytes));
            if (text.StartsWith(beginning, StringComparison.Ordinal))
                return text;
        }

        throw new TimeoutException($"The {program} did not say {beginning}.");
    }

    private static void Drain(Socket socket)
    {
        while (socket.Available > 0)
            socket.Receive(new byte[4096]);
    }
}
