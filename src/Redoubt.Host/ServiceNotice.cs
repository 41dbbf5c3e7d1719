using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Redoubt.Host;

/// <summary>Tells whoever started this process how it is: a line on standard output when it is ready, and systemd's notices where it asked for them.</summary>
/// <remarks>
/// Wire: datagrams of <c>NAME=VALUE</c> lines to <c>$NOTIFY_SOCKET</c>, as sd_notify(3) has them. Nobody waits for an answer, and a notice that
/// cannot be sent is lost: systemd then ends what it does not hear of. Threads: safe.
/// </remarks>
public sealed class ServiceNotice : IDisposable
{
    private readonly UnixDomainSocketEndPoint? _systemd;
    private readonly Socket? _socket;

    private ServiceNotice(UnixDomainSocketEndPoint? systemd, TimeSpan? watchdog)
    {
        _systemd = systemd;
        Watchdog = watchdog;
        if (systemd is not null)
            _socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { Blocking = false };
    }

    /// <summary>After so long without <see cref="Alive"/> systemd ends this process; null: it does not watch.</summary>
    public TimeSpan? Watchdog { get; }

    /// <summary>As the environment of this process says.</summary>
    public static ServiceNotice FromEnvironment() =>
        Create(
            Environment.GetEnvironmentVariable(SocketVariable),
            Environment.GetEnvironmentVariable(WatchdogVariable),
            Environment.GetEnvironmentVariable("WATCHDOG_PID")
        );

    /// <summary>Where the notices go.</summary>
    public const string SocketVariable = "NOTIFY_SOCKET";

    /// <summary>How often they are expected, µs.</summary>
    public const string WatchdogVariable = "WATCHDOG_USEC";

    /// <summary>Makes one from what stands in the environment; what is not understood there counts as missing.</summary>
    /// <param name="socket">A path, or an abstract name with '@' in front.</param>
    /// <param name="watchdogMicroseconds">A number above 0.</param>
    /// <param name="watchdogProcess">Whom systemd watches; null: whoever it started.</param>
    public static ServiceNotice Create(string? socket, string? watchdogMicroseconds, string? watchdogProcess)
    {
        var systemd = EndPointOf(socket);
        var isOurs =
            watchdogProcess is not { Length: > 0 } || watchdogProcess == Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        var watchdog =
            systemd is not null
            && isOurs
            && long.TryParse(watchdogMicroseconds, NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds)
            && microseconds is > 0 and < MaxWatchdogMicroseconds
                ? TimeSpan.FromMicroseconds(microseconds)
                : (TimeSpan?)null;
        return new ServiceNotice(systemd, watchdog);
    }

    // A month; timers take no more.
    private const long MaxWatchdogMicroseconds = 30L * 86_400 * 1_000_000;

    /// <summary>Prints <c>ready NAME</c>, and tells systemd.</summary>
    public void Ready(string name)
    {
        Console.Out.WriteLine("ready " + name);
        Console.Out.Flush();
        Running();
    }

    /// <summary>It reads its configuration; until <see cref="Running"/> systemd waits for it.</summary>
    public void Reloading() =>
        // Stopwatch counts CLOCK_MONOTONIC, which systemd compares with its own.
        Send(
            string.Create(
                CultureInfo.InvariantCulture,
                $"RELOADING=1\nMONOTONIC_USEC={(long)Stopwatch.GetElapsedTime(0).TotalMicroseconds}"
            )
        );

    /// <summary>It has started, or what it read is in force or refused, and it works on.</summary>
    public void Running() => Send("READY=1");

    /// <summary>It goes on; shown by <c>systemctl status</c>.</summary>
    /// <param name="status">How it goes, one line.</param>
    public void Alive(string status) => Send($"{(Watchdog is null ? "" : "WATCHDOG=1\n")}STATUS={status.ReplaceLineEndings(" ")}");

    /// <summary>It does not go on; shown by <c>systemctl status</c>.</summary>
    /// <param name="status">What is wrong, one line.</param>
    public void Hung(string status) => Send($"STATUS={status.ReplaceLineEndings(" ")}");

    /// <summary>It ends in order.</summary>
    public void Stopping() => Send("STOPPING=1");

    /// <inheritdoc/>
    public void Dispose() => _socket?.Dispose();

    private void Send(string text)
    {
        if (_systemd is null)
            return;

        try
        {
            _socket!.SendTo(Encoding.UTF8.GetBytes(text), _systemd);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Nobody listens, his queue is full, or this process has just ended: there is nobody to tell it to.
        }
    }

    private static UnixDomainSocketEndPoint? EndPointOf(string? socket)
    {
        if (socket is not { Length: > 1 } || socket[0] is not ('/' or '@'))
            return null;

        try
        {
            return new UnixDomainSocketEndPoint(socket[0] == '@' ? "\0" + socket[1..] : socket);
        }
        catch (ArgumentOutOfRangeException)
        {
            return null; // longer than a socket's name can be
        }
    }
}
